package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What keeps the HAM from looking, or an entity from beating, without anybody being to blame. */
enum Stall {
    /** The HAM is stopped for longer than the high mark. */
    HAM_STOPPED {
        @Override
        void happen(Scene scene) {
            var ham = scene.ham();
            kill(ham, "STOP");
            pass(scene.stallNanos());
            kill(ham, "CONT");
        }
    },
    /** All are stopped, as with the whole machine, and the HAM wakes first. */
    ALL_STOPPED {
        @Override
        void happen(Scene scene) {
            var ham = scene.ham();
            scene.pace().hold(true);
            kill(ham, "STOP");
            kill(scene.program(), "STOP");
            scene.pace().pause(true);
            pass(scene.stallNanos());
            scene.pace().requireSilence(scene.stallNanos() / 2);
            var woken = System.nanoTime();
            run("kill", "-CONT", Long.toString(ham), Long.toString(scene.program()));
            scene.pace().pause(false);
            scene.pace().hold(false);
            scene.pace().expectBeats(woken, scene.periodNanos());
        }
    },
    /** The HAM collects garbage, and dumps its heap with its threads halted. */
    GARBAGE {
        @Override
        void happen(Scene scene) {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var dump = scene.folder().resolve("heap").toString();
            run(jcmd, Long.toString(scene.ham()), "GC.heap_dump", "-overwrite", dump);
        }

        @Override
        boolean isPossible(Scene scene) {
            return Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "jcmd"));
        }
    },
    /** The HAM is killed and the Guardian takes over. */
    TAKEOVER {
        @Override
        void happen(Scene scene) {
            var old = scene.ham();
            kill(old, "KILL");
            Awaitility.await("a HAM with a Guardian that is ready")
                    .atMost(HamInstance.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        var status = scene.stage().ham.status();
                        return status.hamPid() != old && status.guardianReady();
                    });
        }
    },
    /** The control group of an entity is frozen. */
    FROZEN {
        @Override
        void happen(Scene scene) {
            var group = freezer().orElseThrow();
            scene.pace().hold(true);
            try {
                write(group.state(), group.freeze());
                pass(scene.stallNanos());
                scene.pace().requireSilence(scene.stallNanos() / 2);
            } finally {
                // Nothing in it can be killed before.
                write(group.state(), group.thaw());
            }
            scene.pace().hold(false);
        }

        @Override
        boolean isPossible(Scene scene) {
            try {
                var group = freezer().orElseThrow();
                Files.createDirectory(group.folder());
                Files.writeString(group.folder().resolve("cgroup.procs"), Long.toString(scene.program()));
                return Files.exists(group.state());
            } catch (IOException | RuntimeException e) {
                System.out.println("no control group to freeze: " + e);
                return false;
            }
        }

        @Override
        void end(Scene scene) {
            freezer().filter(group -> Files.isDirectory(group.folder())).ifPresent(group -> {
                write(group.folder().resolveSibling("cgroup.procs"), Long.toString(scene.program()));
                Awaitility.await("an empty control group").ignoreExceptions().until(() -> {
                    Files.delete(group.folder());
                    return true;
                });
            });
        }
    },
    /** A debugger holds an entity. */
    TRACED {
        @Override
        void happen(Scene scene) {
            scene.pace().hold(true);
            scene.tracer().tell(scene.program() + " " + scene.stallNanos() / 1_000_000);
            assertThat(Integer.parseInt(scene.tracer().await("held")))
                    .as("threads that were held")
                    .isPositive();
            scene.pace().hold(false);
        }
    },
    /** Somebody sets the clock an hour forward, and then an hour back. */
    CLOCK_SET {
        @Override
        void happen(Scene scene) {
            var wall = System.currentTimeMillis();
            var mono = System.nanoTime();
            try {
                set(wall + HOUR_MILLIS);
                pass(scene.stallNanos() / 2);
                set(wall - HOUR_MILLIS);
                pass(scene.stallNanos() / 2);
            } finally {
                set(wall + (System.nanoTime() - mono) / 1_000_000);
            }
        }

        private void set(long millis) {
            run("date", "-s", "@" + millis / 1_000 + "." + String.format("%03d", millis % 1_000));
        }

        /** The clock is the whole machine's. */
        @Override
        boolean isPossible(Scene scene) {
            return Boolean.getBoolean("ham.false-alarms.clock");
        }
    };

    private static final long HOUR_MILLIS = 3_600_000;

    /**
     * Where it happens.
     *
     * @param program the pid of the entity that beats for itself
     * @param periodNanos of all
     * @param stallNanos longer than the high mark
     */
    record Scene(
            Stage stage,
            Pacemaker pace,
            long program,
            Programs.Running tracer,
            Path folder,
            long periodNanos,
            long stallNanos) {
        long ham() {
            return stage.ham.status().hamPid();
        }
    }

    /** A control group that can be frozen. */
    private record Freezer(Path folder, Path state, String freeze, String thaw) {}

    abstract void happen(Scene scene);

    /** Whether it can be done here; prepares it. */
    boolean isPossible(Scene scene) {
        return true;
    }

    /** Takes back what was prepared. */
    void end(Scene scene) {}

    /** Version 1 has a hierarchy for it; in version 2 every group can be frozen. */
    private static Optional<Freezer> freezer() {
        try (var mounts = Files.lines(Path.of("/proc/mounts"))) {
            return mounts.map(line -> line.split(" "))
                    .flatMap(words -> {
                        var folder = Path.of(words[1])
                                .resolve("ham-it-" + ProcessHandle.current().pid());
                        if (words[2].equals("cgroup")
                                && List.of(words[3].split(",")).contains("freezer")) {
                            return Stream.of(new Freezer(folder, folder.resolve("freezer.state"), "FROZEN", "THAWED"));
                        }
                        return words[2].equals("cgroup2")
                                ? Stream.of(new Freezer(folder, folder.resolve("cgroup.freeze"), "1", "0"))
                                : Stream.empty();
                    })
                    .min((one, other) -> Boolean.compare(
                            one.freeze().equals("1"), other.freeze().equals("1")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        try {
            var exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError(List.of(command) + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Time itself is what is tested. */
    static void pass(Duration time) {
        pass(time.toNanos());
    }

    static void pass(long nanos) {
        var until = System.nanoTime() + nanos;
        for (var left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
