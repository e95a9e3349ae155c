package org.ham.itests.osgi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ham.api.Event;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;

/**
 * A node in a process of its own: in a Felix as it is unpacked from its archive with our bundles copied into its folder
 * {@code bundle}, or of the distribution. It is watched from outside, by its journal and its output; what it started is
 * killed after the test.
 */
final class Installation implements AfterEachCallback {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Path home = Setup.freshFolder();
    private final Path runDir = Setup.freshFolder();
    private final Path conf = Setup.freshFolder();
    private final Path output = home.resolve("output.txt");
    private final Set<Long> recorded = new HashSet<>();

    Installation() {
        write(conf.resolve("entities/README"), "one file an entity");
        write(conf.resolve("plugins/README"), "one jar a plug-in");
    }

    /** An entity file. */
    Installation entity(String name, String yaml) {
        write(conf.resolve("entities").resolve(name + ".yaml"), yaml);
        return this;
    }

    /** Starts a stock Felix as its manual says, {@code java -jar bin/felix.jar}, with these settings more. */
    ProcessHandle startStockFelix(String... settings) {
        for (var folder : List.of("base", "ham")) {
            Setup.jars(folder).forEach(jar -> copy(jar, home.resolve("bundle").resolve(jar.getFileName())));
        }
        copy(
                Path.of(System.getProperty("ham.felix"), "bin", "org.apache.felix.main.jar"),
                home.resolve("bin/felix.jar"));
        var all = Stream.concat(
                Stream.of(
                        // as they are in the archive
                        "org.osgi.framework.storage.clean=onFirstInit",
                        "felix.auto.deploy.action=install,start",
                        "felix.log.level=1",
                        // ours
                        "ham.run.dir=" + runDir,
                        "ham.conf.dir=" + conf),
                Stream.of(settings));
        write(home.resolve("conf/config.properties"), String.join("\n", all.toList()) + "\n");
        return start(stockFelix());
    }

    /** Starts a node of the distribution. */
    ProcessHandle startDistribution() {
        return start(List.of(
                Path.of(System.getProperty("ham.dist"), "bin", "ham-node").toString(),
                "-Dham.run.dir=" + runDir,
                "-Dham.conf.dir=" + conf));
    }

    private ProcessHandle start(List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            recorded.add(process.pid());
            return process.toHandle();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that starts a stock Felix; its working folder is the one of Felix. */
    static List<String> stockFelix() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                "bin/felix.jar");
    }

    /** Copies a plug-in's jar into the plug-in folder, as the manual says: under another name first. */
    void drop(Path jar) {
        var fresh = conf.resolve("plugins/greet.jar.new");
        copy(jar, fresh);
        try {
            Files.move(fresh, plugin(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the plug-in's jar. */
    void removeDropped() {
        try {
            Files.delete(plugin());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path plugin() {
        return conf.resolve("plugins/greet.jar");
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(requireNonNull(to.getParent()));
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(requireNonNull(file.getParent()));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line of the journal like this after another one, once it is there. */
    Event event(String what, long after, Predicate<Event> wanted) {
        var found = await(what)
                .atMost(SOON)
                .until(
                        () -> Lines.of(runDir).stream()
                                .filter(event -> event.seq() > after)
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        remember();
        return found;
    }

    /** Kills an entity's process, which this line says was started, and waits until it is back. */
    Event killAndAwaitRestart(Event started) {
        kill(started.pid().orElseThrow());
        var again = event(
                "the restart",
                started.seq(),
                event -> event.type().equals("started") && event.entity().equals(started.entity()));
        assertThat(again.pid()).isNotEqualTo(started.pid());
        return again;
    }

    /** The first line of this type after another one. */
    Event event(String type, long after) {
        return event(type, after, event -> event.type().equals(type));
    }

    /** The last line of this type. */
    Event last(String type) {
        return Lines.of(runDir).stream()
                .filter(event -> event.type().equals(type))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** Keeps the pids of all that was started here, by the journal's word. */
    private void remember() {
        Lines.of(runDir).stream()
                .filter(event ->
                        event.type().equals("guardian-started") || event.type().equals("started"))
                .forEach(event -> event.pid().ifPresent(recorded::add));
    }

    static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly())
                .as("kill process %d", pid)
                .isTrue();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            throw new AssertionFailedError(
                    "the output was:\n" + output() + "\nthe journal was:\n"
                            + String.join(
                                    "\n",
                                    Lines.of(runDir).stream()
                                            .map(Event::toString)
                                            .toList()),
                    end(context.getExecutionException().get()));
        }
        end();
    }

    private Throwable end(Throwable why) {
        end();
        return why;
    }

    /** Each of two frameworks replaces the other, so they are killed until none is left that does. */
    private void end() {
        await("all processes ended").atMost(SOON).until(() -> {
            remember();
            var left = recorded.stream()
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .toList();
            left.forEach(ProcessHandle::destroyForcibly);
            return left.isEmpty();
        });
    }
}
