package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.ham.linux.LinuxException;
import org.ham.linux.SharedPage;

/**
 * The page of memory that HAM and Guardian share: a line each, written by its owner alone after every beat.
 *
 * <p>A line is written field by field with the counter last, and read counter first, so a reader that sees a new count sees
 * what belongs to it or something newer. The mapping lives as long as the process: unmapping it under the loop that
 * reads it would be worse than to keep a page. Thread-safe.
 */
final class BeatPage {
    /** Whose line. */
    enum Line {
        HAM(STRIDE),
        GUARDIAN(2 * STRIDE),
        /** Of a second process that stands by while another is to go. The two lines for those change places each time. */
        OTHER_GUARDIAN(4 * STRIDE);

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
     * @param away whether it does not beat for a while, because what beats is being replaced
     */
    record Beat(long pid, long count, long time, long seq, boolean ready, boolean away) {
        Beat(long pid, long count, long time, long seq, boolean ready) {
            this(pid, count, time, seq, ready, false);
        }
    }

    /** None there, or one that is too short. */
    private static final Set<String> NO_PAGE = Set.of("ENOENT", "EINVAL");

    private static final int SIZE = 4096;
    private static final long MAGIC = 0x48414d2042454154L;
    private static final long VERSION = 1;
    private static final long READY = 1;
    private static final long AWAY = 2;

    /** Two cache lines apart: processors fetch lines in pairs, and the two writers shall not disturb each other. */
    private static final long STRIDE = 128;

    /** Where the word is by which the death of the thread that leads is told. */
    static final long WORD = 3 * STRIDE;

    private final SharedPage page;

    private BeatPage(SharedPage page) {
        this.page = page;
    }

    /** Opens the page, or makes a new one where there is none or one that this version does not know. */
    static BeatPage open(Path file) throws IOException {
        try {
            return new BeatPage(known(file).orElseGet(() -> fresh(file)));
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** One over memory that is there and empty. */
    static BeatPage over(SharedPage memory) {
        return new BeatPage(memory);
    }

    private static Optional<SharedPage> known(Path file) {
        try {
            var page = SharedPage.open(file, SIZE);
            if (page.getOpaque(0) == MAGIC && page.getOpaque(8) == VERSION) {
                return Optional.of(page);
            }
            page.close();
            return Optional.empty();
        } catch (LinuxException e) {
            if (NO_PAGE.contains(e.errnoName())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static SharedPage fresh(Path file) {
        return SharedPage.create(file, SIZE, page -> {
            page.setOpaque(0, MAGIC);
            page.setOpaque(8, VERSION);
        });
    }

    /** The memory itself. */
    SharedPage memory() {
        return page;
    }

    /** What a line holds now. */
    Beat read(Line line) {
        var at = line.at;
        var count = page.getAcquire(at + 8);
        return new Beat(
                page.getOpaque(at),
                count,
                page.getOpaque(at + 16),
                page.getOpaque(at + 24),
                (page.getOpaque(at + 32) & READY) != 0,
                (page.getOpaque(at + 32) & AWAY) != 0);
    }

    /** Writes a line. */
    void write(Line line, Beat beat) {
        var at = line.at;
        page.setOpaque(at, beat.pid());
        page.setOpaque(at + 16, beat.time());
        page.setOpaque(at + 24, beat.seq());
        page.setOpaque(at + 32, (beat.ready() ? READY : 0) | (beat.away() ? AWAY : 0));
        page.setRelease(at + 8, beat.count());
    }

    /** Empties a line whose owner is gone. */
    void clear(Line line) {
        write(line, new Beat(0, 0, 0, 0, false));
    }
}
