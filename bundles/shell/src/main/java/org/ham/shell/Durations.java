package org.ham.shell;

import java.util.concurrent.TimeUnit;

/** Writes durations the way files have them. */
final class Durations {
    private Durations() {}

    /** In the largest unit that tells it exactly, such as {@code 500ms}. */
    static String text(long nanos) {
        for (var unit : Unit.values()) {
            if (nanos % unit.nanos == 0) {
                return nanos / unit.nanos + unit.word;
            }
        }
        return nanos + "ns";
    }

    private enum Unit {
        HOURS(TimeUnit.HOURS.toNanos(1), "h"),
        MINUTES(TimeUnit.MINUTES.toNanos(1), "m"),
        SECONDS(TimeUnit.SECONDS.toNanos(1), "s"),
        MILLISECONDS(TimeUnit.MILLISECONDS.toNanos(1), "ms");

        private final long nanos;
        private final String word;

        Unit(long nanos, String word) {
            this.nanos = nanos;
            this.word = word;
        }
    }
}
