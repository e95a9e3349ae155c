package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the kernel tells of a running process. */
final class ProcFiles {
    private static final String TASKS = "task";

    private ProcFiles() {}

    /** The memory of a process, shared pages by their share, in KiB. */
    static long pssKib(long pid) {
        return field(Path.of("/proc", String.valueOf(pid), "smaps_rollup"), "Pss:");
    }

    /**
     * What the threads of a process have used up. Immutable.
     *
     * @param cpuNanos processor time to the nanosecond, by thread; the times of {@code /proc/PID/stat} are in ticks
     * @param wakeUps how often each went to sleep, and so was woken
     */
    record Usage(Map<String, Long> cpuNanos, Map<String, Long> wakeUps) {
        long cpuNanosSince(Usage before) {
            return since(cpuNanos, before.cpuNanos);
        }

        long wakeUpsSince(Usage before) {
            return since(wakeUps, before.wakeUps);
        }

        /** Threads that have ended meanwhile took what they used with them; those that are new began at 0. */
        private static long since(Map<String, Long> now, Map<String, Long> before) {
            return now.entrySet().stream()
                    .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                    .sum();
        }
    }

    /** What the living threads have used up until now. */
    static Usage usage(long pid) {
        var cpu = new HashMap<String, Long>();
        var wakeUps = new HashMap<String, Long>();
        try (var threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), TASKS))) {
            for (var thread : threads) {
                var name = thread.getFileName().toString();
                cpu.put(
                        name,
                        Long.parseLong(
                                Files.readString(thread.resolve("schedstat")).split(" ")[0]));
                wakeUps.put(name, field(thread.resolve("status"), "voluntary_ctxt_switches:"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Usage(cpu, wakeUps);
    }

    private static long field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(name.length()).strip().split("\\s")[0]))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
