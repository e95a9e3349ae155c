package org.ham.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs. Thread-safe. */
final class Programs {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** As much of the first line as the kernel looks at. */
    private static final int INTERPRETER_LINE = 256;

    private Programs() {}

    /**
     * The program to execute for a word: itself with a slash, else the first executable of that name in the {@code PATH}
     * of an environment. Only absolute folders count.
     *
     * @throws LinuxException {@code ENOENT} or {@code EACCES}
     */
    static String find(String word, Map<String, String> environment) {
        if (word.indexOf('/') >= 0) {
            return word;
        }
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        Optional<Path> locked = Optional.empty();
        for (String folder : path.split(":", -1)) {
            if (!folder.startsWith("/")) {
                continue;
            }
            Path candidate = path(folder).resolve(path(word));
            if (Files.isRegularFile(candidate)) {
                if (Files.isExecutable(candidate)) {
                    return candidate.toString();
                }
                locked = locked.or(() -> Optional.of(candidate));
            }
        }
        if (locked.isPresent()) {
            throw notExecutable(locked.get());
        }
        throw new LinuxException(
                "command: there is no program '" + word + "' in the PATH (" + path + ")", Errno.ENOENT);
    }

    /** Whether what {@link #find} returned can be executed, seen from a working directory. */
    static void check(String program, Optional<Path> directory) {
        Path file = directory.map(base -> base.resolve(path(program))).orElseGet(() -> path(program));
        if (Files.isDirectory(file)) {
            throw new LinuxException("command: " + file + " is a directory, not a program", Errno.EACCES);
        }
        if (!Files.exists(file)) {
            throw new LinuxException("command: the program " + file + " does not exist", Errno.ENOENT);
        }
        if (!Files.isExecutable(file)) {
            throw notExecutable(file);
        }
        interpreter(file).ifPresent(interpreter -> checkInterpreter(file, interpreter));
    }

    /** The program that runs a script, from its first line; empty when it is no script or cannot be read. */
    private static Optional<String> interpreter(Path file) {
        byte[] begin;
        try (InputStream in = Files.newInputStream(file)) {
            begin = in.readNBytes(INTERPRETER_LINE);
        } catch (IOException _) {
            return Optional.empty();
        }
        String text = new String(begin, StandardCharsets.UTF_8);
        if (!text.startsWith("#!")) {
            return Optional.empty();
        }
        // The kernel cuts off spaces and tabs only: a carriage return would belong to the name.
        String[] words =
                text.substring(2).split("\n", 2)[0].replaceFirst("^[ \t]+", "").split("[ \t]+", 2);
        return words[0].isEmpty() ? Optional.empty() : Optional.of(words[0]);
    }

    private static void checkInterpreter(Path file, String interpreter) {
        Path program = path(interpreter);
        String name = interpreter.replace("\r", "\\r");
        if (program.isAbsolute() && !Files.exists(program)) {
            throw new LinuxException(
                    "command: the script " + file + " is to be run by " + name
                            + ", as its first line says, which does not exist",
                    Errno.ENOENT);
        }
        if (program.isAbsolute() && !Files.isExecutable(program)) {
            throw new LinuxException(
                    "command: the script " + file + " is to be run by " + name
                            + ", as its first line says, which is not executable",
                    Errno.EACCES);
        }
    }

    private static LinuxException notExecutable(Path file) {
        return new LinuxException(
                "command: " + file + " is not executable; 'chmod +x' it, or name its interpreter first", Errno.EACCES);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new LinuxException("command: '" + text + "' is no path: " + e.getReason(), Errno.EINVAL);
        }
    }
}
