package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** The operating system for one test, which waits on the test's own thread and leaves no process behind. */
final class Kit implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LANG", "C");

    final Linux linux;
    final Processes processes;
    private final List<ProcessRef> started = new ArrayList<>();

    Kit() {
        this(Linux.open());
    }

    Kit(Linux linux) {
        this.linux = linux;
        processes = linux.processes();
    }

    static Spawn command(String... words) {
        return new Spawn(List.of(words), Optional.empty(), ENVIRONMENT, Optional.empty(), Map.of(), Optional.empty());
    }

    static Spawn shell(String script) {
        return command("/bin/sh", "-c", script);
    }

    /** A program of the tests in a virtual machine of its own. */
    static Spawn java(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return command(command.toArray(String[]::new));
    }

    /** The number under which this process has a file open. */
    static int descriptorOf(Path file) {
        return OwnDescriptors.from(3).stream()
                .filter(fd -> file.equals(target(fd)))
                .findFirst()
                .orElseThrow();
    }

    private static Path target(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
        } catch (IOException gone) {
            return Path.of("/");
        }
    }

    static Spawn to(Spawn spawn, Path output) {
        return new Spawn(
                spawn.command(),
                spawn.directory(),
                spawn.environment(),
                spawn.user(),
                spawn.limits(),
                Optional.of(output));
    }

    ProcessRef start(Spawn spawn) {
        ProcessRef process = processes.spawn(spawn);
        started.add(process);
        return process;
    }

    /**
     * Starts a process that has stopped itself: its program and libraries are behind it, so that what it has open, it has not
     * just for a moment.
     */
    ProcessRef startStopped(UnaryOperator<Spawn> how) {
        ProcessRef process = start(how.apply(shell("kill -STOP $$")));
        turnUntil(() -> ProcStat.of(process.pid()).orElseThrow().state() == 'T');
        return process;
    }

    /** The process that a script, which this one starts, starts in its turn and whose pid it writes to {@code pid}. */
    ProcessRef grandchild(Path folder, String script) {
        Spawn spawn = shell(script);
        start(new Spawn(
                spawn.command(),
                Optional.of(folder),
                spawn.environment(),
                Optional.empty(),
                Map.of(),
                Optional.of(folder.resolve("log"))));
        Path pid = folder.resolve("pid");
        turnUntil(() -> read(pid).endsWith("\n"));
        return processes.identify(Long.parseLong(read(pid).strip()));
    }

    /** What is in a file; nothing when there is none. */
    static String read(Path file) {
        return ProcFs.read(file.toString(), 1 << 16)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
    }

    /** Starts, watches and waits for the end. */
    ExitStatus run(Spawn spawn) {
        return end(start(spawn));
    }

    ExitStatus end(ProcessRef process) {
        AtomicReference<ExitStatus> end = new AtomicReference<>();
        processes.watch(process, end::set);
        turnUntil(() -> end.get() != null);
        return end.get();
    }

    /** Turns the reactor until something is the case. */
    void turnUntil(BooleanSupplier reached) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            linux.reactor().await(20_000_000L);
        }
    }

    /** Whether a process handles a signal by now. */
    static boolean catches(ProcessRef process, int signal) {
        String status = ProcFs.read("/proc/" + process.pid() + "/status", 8192)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        int at = status.indexOf("SigCgt:\t");
        return at >= 0 && (Long.parseUnsignedLong(status.substring(at + 8, at + 24), 16) & (1L << (signal - 1))) != 0;
    }

    @Override
    public void close() {
        for (ProcessRef process : started) {
            try {
                if (processes.isAlive(process)) {
                    linux.signals().sendToGroup(process, SignalNames.SIGKILL);
                }
            } catch (LinuxException dead) {
                assertThat(dead.errnoName()).isEqualTo("ESRCH");
            }
        }
        turnUntil(() -> started.stream().noneMatch(this::isUnreaped));
        linux.close();
    }

    private boolean isUnreaped(ProcessRef process) {
        return ProcStat.of(process.pid())
                .map(stat -> stat.startTime() == process.startTime() && stat.parent() == linux.ownPid())
                .orElse(false);
    }
}
