package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
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
    private static final long VERSION_AT = 8;
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

    /**
     * Opens the page, or makes a new one where there is none. One that this version does not know is replaced where nobody uses it
     * any more: in a hand-over between two versions the word and the beats would be gone from under those who live by them.
     *
     * @param lock taken before a page is replaced, and kept then
     * @param pid this process
     * @throws IOException when somebody uses a page that this version does not know; it says what to do
     */
    static BeatPage open(Path file, RoleLock lock, long pid) throws IOException {
        try {
            var page = known(file);
            if (page.isEmpty() && Files.exists(file)) {
                var user = lock.take(pid) ? Mappings.user(file) : lock.holder();
                // Whoever replaces it has the lock, so another one may have done so until now.
                page = known(file);
                if (page.isEmpty() && (user.isPresent() || !lock.held())) {
                    throw new IOException(refusal(file, user));
                }
            }
            return new BeatPage(page.orElseGet(() -> fresh(file)));
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String refusal(Path file, OptionalLong user) {
        return file + " " + describe(file) + ", and this one shares only version " + VERSION + " with others: process "
                + (user.isPresent() ? user.getAsLong() : "unknown")
                + " uses it, and can neither hand over to this HAM nor have it as its Guardian. Nothing was changed;"
                + " to run this one stop the other with 'ham stop', what it supervises runs on, and then start this one";
    }

    private static String describe(Path file) {
        try (var page = SharedPage.open(file, SIZE)) {
            return page.getOpaque(0) == MAGIC
                    ? "is of a HAM that shares version " + page.getOpaque(VERSION_AT)
                    : "is of no HAM that is known";
        } catch (LinuxException _) {
            return "is too short";
        }
    }

    /** One over memory that is there and empty. */
    static BeatPage over(SharedPage memory) {
        return new BeatPage(memory);
    }

    private static Optional<SharedPage> known(Path file) {
        try {
            var page = SharedPage.open(file, SIZE);
            if (page.getOpaque(0) == MAGIC && page.getOpaque(VERSION_AT) == VERSION) {
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
            page.setOpaque(VERSION_AT, VERSION);
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
