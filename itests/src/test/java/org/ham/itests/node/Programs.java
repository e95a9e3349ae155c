package org.ham.itests.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ham.itests.client.Program;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts programs that use the client, each a JVM of its own with nothing but the client, ham-api and Gson. */
final class Programs implements AfterEachCallback {
    private final Path folder;
    private final List<Running> running = new ArrayList<>();

    Programs() {
        try {
            // Where any user can read.
            folder = Files.createTempDirectory(Path.of("/tmp"), "ham-it-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            copyJars();
            copyClasses();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copyJars() throws IOException {
        try (var jars = Files.list(Path.of(System.getProperty("ham.dist"), "bundles"))) {
            for (var jar : jars.filter(jar -> jar.getFileName().toString().matches("(client|ham-api|gson)-.*\\.jar"))
                    .toList()) {
                copy(jar, folder.resolve(jar.getFileName()));
            }
        }
    }

    private void copyClasses() throws IOException {
        var classes = Path.of("target/test-classes").toAbsolutePath();
        var from = classes.resolve(Program.class.getPackageName().replace('.', '/'));
        var permissions = PosixFilePermissions.fromString("rwxr-xr-x");
        var part = folder;
        for (var name : classes.relativize(from)) {
            part = part.resolve(name);
            Files.createDirectory(part);
            Files.setPosixFilePermissions(part, permissions);
        }
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                copy(file, folder.resolve(classes.relativize(file)));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Starts a program for a HAM, preceded by other words of a command such as {@code setpriv}. */
    Running start(HamInstance ham, List<String> before, String... words) {
        try {
            var command = new ArrayList<>(before);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    folder + ":" + folder + "/*",
                    Program.class.getName()));
            command.addAll(List.of(words));
            var errors = Files.createTempFile(folder, "program", ".err");
            var builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().put("HAM_RUN_DIR", ham.runDir.toString());
            var process = new Running(builder.start(), errors);
            running.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program that runs. */
    static final class Running {
        private final Process process;
        private final Path errors;
        private final BufferedReader out;
        final Map<String, String> said = new TreeMap<>();

        Running(Process process, Path errors) {
            this.process = process;
            this.errors = errors;
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        long pid() {
            return process.pid();
        }

        /** Reads until it says this, and gives what it says of it. */
        String await(String what) {
            try {
                for (var line = out.readLine(); line != null; line = out.readLine()) {
                    var words = line.split(" ", 2);
                    said.merge(words[0], words[1], (one, other) -> one + "\n" + other);
                    if (words[0].equals(what)) {
                        return words[1];
                    }
                }
                throw new AssertionError(
                        "the program ended without saying '" + what + "': " + said + "\n" + Files.readString(errors));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Says a line to it. */
        void tell(String line) {
            try {
                process.outputWriter(StandardCharsets.UTF_8)
                        .append(line)
                        .append('\n')
                        .flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Tells it to finish, and reads all it has to say. */
        Map<String, String> finish() {
            return finish("end");
        }

        /** The same with a word that it waits for. */
        Map<String, String> finish(String word) {
            try {
                tell(word);
                for (var line = out.readLine(); line != null; line = out.readLine()) {
                    var words = line.split(" ", 2);
                    said.merge(words[0], words[1], (one, other) -> one + "\n" + other);
                }
                process.waitFor();
                said.put("errors", Files.readString(errors));
                return said;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        void kill() {
            process.destroyForcibly();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        running.forEach(Running::kill);
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
