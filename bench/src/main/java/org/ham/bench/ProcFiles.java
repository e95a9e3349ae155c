package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel tells of a running process. */
final class ProcFiles {
    private static final String TASKS = "task";

    private ProcFiles() {}

    /** The memory of a process, shared pages by their share, in KiB. */
    static long pssKib(long pid) {
        return field(Path.of("/proc", String.valueOf(pid), "smaps_rollup"), "Pss:");
    }

    /** The processor time of all living threads, to the nanosecond; the times of {@code /proc/PID/stat} are in ticks. */
    static long cpuNanos(long pid) {
        var sum = 0L;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), TASKS))) {
            for (var thread : threads) {
                sum += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ")[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
    }

    /** How often the living threads went to sleep, and so were woken. */
    static long wakeUps(long pid) {
        var sum = 0L;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), TASKS))) {
            for (var thread : threads) {
                sum += field(thread.resolve("status"), "voluntary_ctxt_switches:");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
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
