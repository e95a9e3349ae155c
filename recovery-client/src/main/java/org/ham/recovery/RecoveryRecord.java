package org.ham.recovery;

import static org.ham.recovery.RecoveryException.refused;

import java.io.Closeable;
import org.ham.recovery.RecoveryException.Code;

/** What the library knows of how to recover a connection and its duplicates: function, limits, counters, switch. Thread-safe. */
final class RecoveryRecord<C extends Closeable> {
    private static final int UNLIMITED = -1;

    private final Reports reports;
    private volatile Recovery<C> recovery;
    private volatile boolean suspended;
    private volatile int tries;
    private int recoveries;
    private long succeeded;
    private int mostTries = UNLIMITED;
    private int mostRecoveries = UNLIMITED;

    RecoveryRecord(Recovery<C> recovery, Reports reports) {
        this.recovery = recovery;
        this.reports = reports;
    }

    Reports reports() {
        return reports;
    }

    Recovery<C> recovery() {
        return recovery;
    }

    void recovery(Recovery<C> other) {
        recovery = other;
    }

    boolean isSuspended() {
        return suspended;
    }

    void suspend(boolean on) {
        suspended = on;
    }

    synchronized void mostTries(int most) {
        mostTries = most;
    }

    synchronized void mostRecoveries(int most) {
        mostRecoveries = most;
    }

    synchronized void resetTries() {
        tries = 0;
    }

    synchronized void resetRecoveries() {
        recoveries = 0;
    }

    /** Counts a call of the function, unless a limit forbids it. */
    synchronized void begin(String name) throws RecoveryException {
        if (mostTries >= 0 && tries >= mostTries) {
            throw refused(
                    Code.EXHAUSTED,
                    name + ": not recovered, " + tries + " tries for this failure reach the limit; reset the tries");
        }
        if (mostRecoveries >= 0 && recoveries >= mostRecoveries) {
            throw refused(
                    Code.EXHAUSTED,
                    name + ": not recovered, " + recoveries + " recoveries reach the limit over the life; reset them");
        }
        // Without a limit they may be counted for years.
        tries = tries == Integer.MAX_VALUE ? tries : tries + 1;
        recoveries = recoveries == Integer.MAX_VALUE ? recoveries : recoveries + 1;
    }

    synchronized void recovered() {
        succeeded++;
    }

    /** An operation succeeded. Costs one look while nothing fails. */
    void operated() {
        if (tries != 0) {
            resetTries();
        }
    }

    synchronized Counters counters() {
        return new Counters(tries, recoveries, succeeded);
    }
}
