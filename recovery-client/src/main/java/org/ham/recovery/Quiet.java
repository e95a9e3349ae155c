package org.ham.recovery;

import java.time.Duration;

/** For how long nothing has gone over a socket. Thread-safe: late by a race at most. */
final class Quiet {
    private final long afterNanos;
    private volatile long last = System.nanoTime();

    Quiet(Duration after) {
        this.afterNanos = after.toNanos();
    }

    void end() {
        last = System.nanoTime();
    }

    boolean isLong() {
        return System.nanoTime() - last >= afterNanos;
    }
}
