package org.ham.detector.heartbeat;

import java.util.List;

/**
 * Tells how much time has passed in which this process made progress. Time in which it did not, because it was stopped, waited
 * for a processor, or collected garbage, is lost: it does not count against anybody, since what was not seen cannot be held
 * against those who were not looked at, and who may have been stopped with it. What {@link HoldUps} tells of is lost as well.
 * Confined to one thread.
 *
 * <p>It is told of every reading of {@code CLOCK_MONOTONIC} and of how long its thread means to sleep. What a reading is later
 * than that is a gap. Sleep of the whole machine does not show in that clock; the difference to {@code CLOCK_BOOTTIME} tells.
 */
final class ProgressClock {
    /** A gap that is nothing but the timer's own coarseness. */
    static final long COARSENESS = 2_000_000;

    /** Gaps are remembered one by one as far back as this many; what is older is lost time of the oldest. */
    private static final int REMEMBERED = 64;

    private final long[] starts = new long[REMEMBERED];
    private final long[] ends = new long[REMEMBERED];
    private final long[] lengths = new long[REMEMBERED];
    private final long[] lostBefore = new long[REMEMBERED];
    private int gaps;
    private long lost;
    private long expected;

    /** Of what came before it is known what was lost. */
    private long last;

    private long asleep;

    /** A clock that begins to run. */
    ProgressClock(long monotonic, long boottime) {
        expected = monotonic;
        last = monotonic;
        asleep = boottime - monotonic;
    }

    /** The thread is about to sleep, until then at the latest. */
    void sleepUntil(long monotonic) {
        expected = Math.max(expected, monotonic);
    }

    /**
     * The clocks were read.
     *
     * @param heldUp when the core was held up since the last reading, in the order of time
     * @return the same in time of progress
     */
    long read(long monotonic, long boottime, List<HoldUps.Span> heldUp) {
        var late = Math.max(monotonic - expected, 0);
        var slept = Math.max(boottime - monotonic - asleep, 0);
        for (var span : heldUp) {
            var start = Math.max(span.start(), last);
            // What is in a gap of this thread as well is told of by that.
            var end = Math.min(span.end(), late > COARSENESS ? expected : monotonic);
            if (end > start) {
                remember(start, end, end - start);
                last = end;
            }
        }
        if (late > COARSENESS || slept > COARSENESS) {
            remember(late > COARSENESS ? expected : monotonic, monotonic, late + slept);
        }
        asleep = boottime - monotonic;
        expected = monotonic;
        last = monotonic;
        return monotonic - lost;
    }

    private void remember(long start, long end, long length) {
        lost += end - start;
        if (gaps > 0 && ends[(gaps - 1) % REMEMBERED] == start) {
            ends[(gaps - 1) % REMEMBERED] = end;
            lengths[(gaps - 1) % REMEMBERED] += length;
            return;
        }
        var at = gaps++ % REMEMBERED;
        starts[at] = start;
        ends[at] = end;
        lengths[at] = length;
        lostBefore[at] = lost - (end - start);
    }

    /** A moment that has passed, in time of progress; within a gap it is the moment it began. */
    long at(long monotonic) {
        for (var gap = gaps - 1; gap >= Math.max(0, gaps - REMEMBERED); gap--) {
            var at = gap % REMEMBERED;
            if (monotonic >= ends[at]) {
                return monotonic - lostBefore[at] - (ends[at] - starts[at]);
            }
            if (monotonic >= starts[at]) {
                return starts[at] - lostBefore[at];
            }
        }
        return gaps == 0 ? monotonic : monotonic - lostBefore[Math.max(0, gaps - REMEMBERED) % REMEMBERED];
    }

    /** When time of progress comes to a moment, if nothing is lost until then. */
    long monotonic(long progress) {
        return progress + lost;
    }

    /**
     * When the last gap of a length ended.
     *
     * @param longerThan gaps that are not longer do not count
     * @return in time of progress; {@link Long#MIN_VALUE} when there was none as far back as is remembered
     */
    long lastGap(long longerThan) {
        for (var gap = gaps - 1; gap >= Math.max(0, gaps - REMEMBERED); gap--) {
            var at = gap % REMEMBERED;
            if (lengths[at] > longerThan) {
                return starts[at] - lostBefore[at];
            }
        }
        return Long.MIN_VALUE;
    }
}
