package org.ham.recovery;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * When the next attempt to bring a connection back may be made; see {@link Recovery#retrying}. {@link Backoff} is the usual one, a retry
 * library can be another. Thread-safe.
 */
@ConsumerType
@FunctionalInterface
public interface RetryPolicy {
    /**
     * A recovery begins.
     *
     * @param connection the target's name
     * @param tries how many recoveries there have been, with this one, since an operation last succeeded. When it is more than
     *     1, the connection came back and was lost at once again, or the recovery before was given up: it is wise not to begin at once
     * @return the attempts of this recovery, by one thread
     */
    Attempts begin(String connection, int tries);

    /** The attempts of one recovery. Used by the thread that recovers, but for {@link #wake}. */
    @ConsumerType
    @FunctionalInterface
    interface Attempts extends AutoCloseable {
        /**
         * Waits until an attempt may be made; called before each, the first too.
         *
         * @param failure what the attempt before failed with; before the first, what the operation failed with
         * @return false when no more may be made
         * @throws InterruptedException when the thread is interrupted
         */
        boolean await(IOException failure) throws InterruptedException;

        /**
         * Something happened for which it is worth to try at once: ends the wait that is under way, or the next one. Called by any
         * thread; also when the connection is closed. Without effect where waits cannot be ended.
         */
        default void wake() {}

        /** The recovery ended. */
        @Override
        default void close() {}
    }
}
