package org.ham.recovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** For how long nothing has gone over a socket. Thread-safe: late by a race at most. */
final class Quiet {
    private final long afterNanos;
    private final AtomicLong last = new AtomicLong(System.nanoTime());

    Quiet(Duration after) {
        this.afterNanos = after.toNanos();
    }

    void end() {
        last.setRelease(System.nanoTime());
    }

    /** Ends it and says so if it was short; a long one goes on. */
    boolean endsShort() {
        var now = System.nanoTime();
        if (now - last.get() >= afterNanos) {
            return false;
        }
        last.setRelease(now);
        return true;
    }
}
