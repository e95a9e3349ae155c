package org.ham.detector.heartbeat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.ham.spi.LoopTask;

/**
 * When the core was held up by one turn of its loop, such as by a disk that took its time. Meanwhile beats that come through the
 * core wait before its door, and whoever waits for a word of it cannot beat. Thread-safe.
 */
final class HoldUps implements LoopTask {
    /** A turn may take this long. Of a longer one this much counts as progress, so that a busy core does not bring time to a stop. */
    static final long USUAL = 20_000_000;

    /** Only what ended since the last look is kept, and at most this many. */
    private static final int MOST = 64;

    private static final long NONE = Long.MIN_VALUE;

    private final LongSupplier clock;
    private final Deque<Span> ended = new ArrayDeque<>();
    private volatile long begun = NONE;

    /**
     * Nothing is known yet.
     *
     * @param clock {@code CLOCK_MONOTONIC}
     */
    HoldUps(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * From a moment to another, {@code CLOCK_MONOTONIC}.
     *
     * @param start when the core ought to have been through
     * @param end when it was, or was looked at
     */
    record Span(long start, long end) {}

    @Override
    public void turning() {
        begun = clock.getAsLong();
    }

    @Override
    public long turned(long seq, long nowNanos) {
        end(nowNanos);
        return Long.MAX_VALUE;
    }

    private void end(long now) {
        var start = begun;
        if (start != NONE && now - start > USUAL) {
            synchronized (ended) {
                if (ended.size() == MOST) {
                    ended.removeFirst();
                }
                ended.add(new Span(start + USUAL, now));
            }
        }
        begun = NONE;
    }

    @Override
    public void ended() {
        begun = NONE;
    }

    /** Those that ended since this was asked the last time, and the one under way, in the order of time. */
    List<Span> take(long now) {
        // Read first: a turn that ends meanwhile is told of twice rather than not at all.
        var start = begun;
        synchronized (ended) {
            var spans = new ArrayList<>(ended);
            ended.clear();
            if (start != NONE && now - start > USUAL) {
                spans.add(new Span(start + USUAL, now));
            }
            return spans;
        }
    }
}
