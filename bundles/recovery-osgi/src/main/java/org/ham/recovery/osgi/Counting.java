package org.ham.recovery.osgi;

import java.time.Duration;

/** Counts what happens to a covered service. Thread-safe; not used by a call that finds its provider and is answered. */
final class Counting {
    private long providers;
    private long waits;
    private long longestWait;
    private long failures;
    private long repeats;
    private long givenUp;

    synchronized void provider() {
        providers++;
    }

    synchronized void waited(long nanos) {
        waits++;
        longestWait = Math.max(longestWait, nanos);
    }

    synchronized void failed() {
        failures++;
    }

    synchronized void repeated() {
        repeats++;
    }

    synchronized void gaveUp() {
        givenUp++;
    }

    synchronized ServiceStatistics statistics() {
        return new ServiceStatistics(
                Math.max(providers - 1, 0), waits, Duration.ofNanos(longestWait), failures, repeats, givenUp);
    }
}
