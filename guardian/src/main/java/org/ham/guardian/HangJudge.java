package org.ham.guardian;

import java.time.Duration;

/**
 * Judges whether another process hangs, from its beats as this one saw them. Counts only time in which this process itself
 * ran without a gap: after a stall of its own (it was stopped, the machine slept, a long collection) it starts over, so that
 * it accuses nobody for time it did not see. Not thread-safe.
 */
final class HangJudge {
    private final long longestGap;
    private long lastTick;
    private long lastValue;
    private long silent = -1;

    /** A judge that has seen nothing yet; this process is meant to tick once every beat. */
    HangJudge(Duration beat) {
        longestGap = beat.multipliedBy(2).toNanos();
    }

    /**
     * Looks at the other's counter.
     *
     * @param now the monotonic clock, in nanoseconds
     * @param value the other's counter; any change of it is a sign of life
     * @return for how long, in nanoseconds of this process's own unbroken progress, the counter has stood still
     */
    long tick(long now, long value) {
        var gap = now - lastTick;
        if (silent < 0 || value != lastValue || gap > longestGap) {
            silent = 0;
        } else {
            silent += gap;
        }
        lastTick = now;
        lastValue = value;
        return silent;
    }
}
