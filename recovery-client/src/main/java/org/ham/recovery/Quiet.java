package org.ham.recovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** For how long nothing has gone over a socket. Thread-safe: late by a race at most. */
final class Quiet {
    private final long afterNanos;
    private final Ticker ticker;
    private final AtomicLong last = new AtomicLong();

    Quiet(Duration after, Ticker ticker) {
        this.afterNanos = after.toNanos();
        this.ticker = ticker;
        end();
    }

    void end() {
        last.setRelease(ticker.nanos());
    }

    /** Ends it and says so if it was short; a long one goes on. */
    boolean endsShort() {
        var now = ticker.nanos();
        if (now - last.get() >= afterNanos) {
            return false;
        }
        last.setRelease(now);
        return true;
    }
}
