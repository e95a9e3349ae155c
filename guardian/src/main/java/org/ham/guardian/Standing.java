package org.ham.guardian;

import org.ham.guardian.BeatPage.Line;
import org.ham.linux.ProcessRef;

/**
 * A process that stands by, as the HAM watches it. {@link #look} is confined to the core loop, what it found can be read by all.
 */
final class Standing {
    private final ProcessRef process;
    private final Line line;
    private final HangJudge judge;
    private final long since;
    private volatile boolean ready;
    private volatile String verdict = "";

    /** One that beats in a line, since a time on the monotonic clock. */
    Standing(ProcessRef process, Line line, Settings settings, long since) {
        this.process = process;
        this.line = line;
        this.judge = new HangJudge(settings.beat());
        this.since = since;
    }

    /** What is told of it, each at most once. */
    interface Listener {
        /** It could take over. */
        void ready();

        /** It makes no progress, and {@link Standing#verdict} says so. */
        void hung();
    }

    /**
     * Looks at its beats.
     *
     * @return after how many nanoseconds to look again
     */
    long look(BeatPage page, Settings settings, long now, Listener listener) {
        var beat = page.read(line);
        // Its line has its number before it beats.
        var beats = beat.pid() == process.pid() && beat.count() > 0;
        if (beats && beat.ready() && !ready) {
            ready = true;
            listener.ready();
        }
        var limit = beats ? settings.silence() : Limits.DEFAULT.start();
        // A Guardian of a HAM before this one may beat in the same line.
        var left = limit.toNanos() - judge.tick(now, beats ? beat.count() : 0);
        if (left > 0) {
            var pause = settings.beat().toNanos();
            return Math.min(
                    left,
                    ready ? pause : Math.min(pause, Limits.DEFAULT.readyLook().toNanos()));
        }
        if (verdict.isEmpty()) {
            verdict = "hung: no beat for " + limit.toMillis() + " ms";
            listener.hung();
        }
        return Long.MAX_VALUE;
    }

    ProcessRef process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    Line line() {
        return line;
    }

    /** For how long it has been there, in nanoseconds. */
    long age(long now) {
        return now - since;
    }

    /** Whether it has said that it could take over. */
    boolean isReady() {
        return ready;
    }

    /** Why it is to be killed; empty while it is well. */
    String verdict() {
        return verdict;
    }
}
