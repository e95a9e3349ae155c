package org.ham.recovery;

import java.time.Duration;

/** Counts what happens to a connection, and how long it was away. Thread-safe; used when something fails only. */
final class Tally {
    private final Ticker ticker;

    private long failures;
    private long recoveries;
    private long succeeded;
    private long attempts;
    private boolean isAway;
    private long since;
    private long total;
    private long longest;
    private long last;

    Tally(Ticker ticker) {
        this.ticker = ticker;
    }

    /** An operation met a loss; when. */
    synchronized long met() {
        failures++;
        return ticker.nanos();
    }

    /** A recovery begins, of a loss noticed then. After one that failed the time goes on. */
    synchronized void begun(long noticed) {
        recoveries++;
        if (!isAway) {
            isAway = true;
            since = noticed;
        }
    }

    synchronized void attempted() {
        attempts++;
    }

    synchronized void recovered() {
        succeeded++;
        back();
    }

    /** It is back, by a recovery or by hand. */
    synchronized void back() {
        if (isAway) {
            isAway = false;
            last = ticker.nanos() - since;
            total += last;
            longest = Math.max(longest, last);
        }
    }

    /** How long it has been away now; when it is back, how long it was. */
    synchronized Duration away() {
        return Duration.ofNanos(isAway ? ticker.nanos() - since : last);
    }

    synchronized Statistics statistics(long missed) {
        return new Statistics(
                failures,
                recoveries,
                succeeded,
                attempts,
                Duration.ofNanos(total),
                Duration.ofNanos(longest),
                Duration.ofNanos(last),
                missed);
    }
}
