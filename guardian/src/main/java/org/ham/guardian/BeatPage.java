package org.ham.guardian;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The page of memory that HAM and Guardian share: one line each, written by its owner alone after every beat.
 *
 * <p>A line is written field by field with the counter last, and read counter first, so a reader that sees a new count sees
 * what belongs to it or something newer. The mapping lives as long as this object is reachable: unmapping it under the loop
 * that reads it would be worse than to wait for the collector. Thread-safe.
 */
final class BeatPage {
    /** Whose line. */
    enum Line {
        HAM(STRIDE),
        GUARDIAN(2 * STRIDE);

        private final long at;

        Line(long at) {
            this.at = at;
        }
    }

    /**
     * One line as it was read. Immutable.
     *
     * @param pid the process that wrote it, 0 when nobody did
     * @param count how many beats it wrote
     * @param time when it last beat, {@code CLOCK_MONOTONIC}
     * @param seq the last journal line it had folded then
     * @param ready whether it could act as the HAM
     */
    record Beat(long pid, long count, long time, long seq, boolean ready) {}

    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final long SIZE = 4096;
    private static final long MAGIC = 0x48414d2042454154L;
    private static final long VERSION = 1;
    /** Two cache lines apart: processors fetch lines in pairs, and the two writers shall not disturb each other. */
    private static final long STRIDE = 128;

    private final MemorySegment memory;

    private BeatPage(MemorySegment memory) {
        this.memory = memory;
    }

    /** Opens the page, or makes a new one where there is none or one that this version does not know. */
    static BeatPage open(Path file) throws IOException {
        if (Files.exists(file)) {
            var page = map(file);
            if (page.isValid()) {
                return page;
            }
        }
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        write(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return map(file);
    }

    private static void write(Path file) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, Set.of(CREATE_NEW, READ, WRITE), owner);
                var arena = Arena.ofConfined()) {
            var memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, arena);
            memory.set(JAVA_LONG, 0, MAGIC);
            memory.set(JAVA_LONG, 8, VERSION);
        }
    }

    private static BeatPage map(Path file) throws IOException {
        try (var channel = FileChannel.open(file, READ, WRITE)) {
            if (channel.size() < SIZE) {
                return new BeatPage(MemorySegment.NULL);
            }
            return new BeatPage(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, Arena.ofAuto()));
        }
    }

    private boolean isValid() {
        return memory.byteSize() == SIZE && memory.get(JAVA_LONG, 0) == MAGIC && memory.get(JAVA_LONG, 8) == VERSION;
    }

    /** What a line holds now. */
    Beat read(Line line) {
        var at = line.at;
        var count = (long) LONG.getAcquire(memory, at + 8);
        return new Beat(
                (long) LONG.getOpaque(memory, at),
                count,
                (long) LONG.getOpaque(memory, at + 16),
                (long) LONG.getOpaque(memory, at + 24),
                (long) LONG.getOpaque(memory, at + 32) != 0);
    }

    /** Writes a line. */
    void write(Line line, Beat beat) {
        var at = line.at;
        LONG.setOpaque(memory, at, beat.pid());
        LONG.setOpaque(memory, at + 16, beat.time());
        LONG.setOpaque(memory, at + 24, beat.seq());
        LONG.setOpaque(memory, at + 32, beat.ready() ? 1L : 0L);
        LONG.setRelease(memory, at + 8, beat.count());
    }

    /** Empties a line whose owner is gone. */
    void clear(Line line) {
        write(line, new Beat(0, 0, 0, 0, false));
    }
}
