package org.ham.detector.notify;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Says what is wrong with messages, but not for each of a flood of them. Thread-safe. */
final class Complaints {
    /** What can be wrong. */
    enum Kind {
        STRANGER,
        MALFORMED,
        MAIN_PROCESS,
        TOO_MANY
    }

    /** Of each kind one is told in this time; the others are counted. */
    static final long PAUSE_NANOS = 10_000_000_000L;

    private static final Logger LOG = System.getLogger(Complaints.class.getName());

    private final LongSupplier clock;
    private final Map<Kind, Long> next = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> untold = new EnumMap<>(Kind.class);
    private long all;

    Complaints(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void tell(Kind kind, Supplier<String> what) {
        all++;
        var now = clock.getAsLong();
        if (now < next.getOrDefault(kind, Long.MIN_VALUE)) {
            untold.merge(kind, 1L, Long::sum);
            return;
        }
        next.put(kind, now + PAUSE_NANOS);
        var others = untold.put(kind, 0L);
        LOG.log(
                Level.WARNING,
                what.get() + (others == null || others == 0 ? "" : " (and " + others + " more of the kind before)"));
    }

    /** How many there were, told or not. */
    synchronized long count() {
        return all;
    }
}
