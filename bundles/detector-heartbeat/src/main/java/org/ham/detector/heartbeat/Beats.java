package org.ham.detector.heartbeat;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * When the slots of a process last beat, in time of progress. A value that has changed since the last look is a beat since the
 * last look, whatever its process's clock says: where that says otherwise (the process lives in another time namespace, or was
 * held up between clock and store), it counts as a beat of now. Confined to the judge's thread, but for {@link #relay}.
 */
final class Beats {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong relayed = new AtomicLong();
    private @Nullable Slots slots;
    private long lastLook;
    private long lastRelayed;
    private long process = NEVER;
    private long[] values = new long[1];
    private long[] times = {NEVER};

    /** Of a process whose silence counts since then; what is in its page may be older. */
    Beats(@Nullable Slots slots, long since, long now, ProgressClock clock) {
        this.lastLook = since;
        page(slots, now, clock);
    }

    /** The process has a page, from now on. */
    void page(@Nullable Slots page, long now, ProgressClock clock) {
        close();
        slots = page;
        if (page != null) {
            grow(page.used());
            for (var slot = 0; slot < values.length; slot++) {
                values[slot] = page.beat(slot);
                times[slot] = values[slot] == 0 ? NEVER : Math.clamp(clock.at(values[slot]), lastLook, now);
            }
            process = Math.max(process, times[0]);
        }
    }

    private void grow(int used) {
        if (values.length < used) {
            values = Arrays.copyOf(values, used);
            var known = times.length;
            times = Arrays.copyOf(times, used);
            Arrays.fill(times, known, used, NEVER);
        }
    }

    /** Lets go of the page. */
    void close() {
        var page = slots;
        slots = null;
        if (page != null) {
            page.close();
        }
    }

    /** A beat that came by another way. Any thread. */
    void relay(long monotonic) {
        relayed.accumulateAndGet(monotonic, Math::max);
    }

    /**
     * Looks at all slots.
     *
     * @param now time of progress, read before
     * @param clock turns clock readings into time of progress
     * @return when the one of them that has been silent for longest last beat; empty when nobody has beaten yet
     */
    OptionalLong look(long now, ProgressClock clock) {
        var oldest = Long.MAX_VALUE;
        var page = slots;
        var used = page == null ? 1 : page.used();
        grow(used);
        for (var slot = 1; slot < used && page != null; slot++) {
            if (page.taken(slot)) {
                oldest = Math.min(oldest, slot(page, slot, now, clock));
            } else {
                times[slot] = NEVER;
            }
        }
        process = Math.max(process, relayed(now, clock));
        if (page != null) {
            process = Math.max(process, slot(page, 0, now, clock));
        }
        lastLook = now;
        if (process != NEVER) {
            oldest = Math.min(oldest, process);
        }
        return oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
    }

    private long slot(Slots page, int slot, long now, ProgressClock clock) {
        var value = page.beat(slot);
        if (value != values[slot]) {
            values[slot] = value;
            times[slot] = beaten(value, now, clock);
        } else if (times[slot] == NEVER && slot > 0) {
            times[slot] = lastLook; // taken again by a thread that has not beaten anew
        }
        return times[slot];
    }

    private long relayed(long now, ProgressClock clock) {
        var value = relayed.get();
        if (value == lastRelayed) {
            return NEVER;
        }
        lastRelayed = value;
        return beaten(value, now, clock);
    }

    private long beaten(long value, long now, ProgressClock clock) {
        var time = clock.at(value);
        return time < lastLook - ProgressClock.COARSENESS || time > now ? now : Math.max(time, lastLook);
    }
}
