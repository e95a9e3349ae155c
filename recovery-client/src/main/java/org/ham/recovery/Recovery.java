package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A recovery function, the original's {@code int fn(int coid, void *rhdl)}. It brings a connection back, by
 * {@link Connection#reopen()} as a rule, and rebuilds what the other side has forgotten: the position, locks, a login. What can be
 * recovered is its decision. The original's handle {@code rhdl} is whatever the function holds.
 *
 * <p>It runs on the thread whose operation failed, one at a time for a connection and its duplicates. While it runs, other
 * threads' operations on the connection wait. Operations of its own on the same connection go straight through: when one fails, the
 * error comes to it and no second recovery starts. Operations on other connections are recovered as usual.
 *
 * @param <C> what the connection goes through
 */
@ConsumerType
@FunctionalInterface
public interface Recovery<C extends Closeable> {
    /**
     * Brings the connection back. Returning is the original's "same coid"; an exception is its -1: the operation fails with the
     * error it failed with, which then carries this exception as a suppressed one.
     *
     * @param connection the one that was used when it failed
     * @param failure what the operation failed with
     */
    void recover(Connection<C> connection, IOException failure) throws IOException;

    /** Opens the same again, once, and rebuilds nothing: for what has no state. */
    static <C extends Closeable> Recovery<C> reopening() {
        return (connection, _) -> connection.reopen();
    }

    /** Opens the same again, as often as the policy allows, and rebuilds nothing. */
    static <C extends Closeable> Recovery<C> retrying(RetryPolicy policy) {
        return retrying(policy, reopening());
    }

    /**
     * Calls a recovery function again until it succeeds, as the policy allows: one recovery with several attempts. What the function
     * throws as an {@link IOException} is a reason to try again, all else ends the recovery. An interruption and the closing
     * of the connection end it, also while it waits.
     */
    static <C extends Closeable> Recovery<C> retrying(RetryPolicy policy, Recovery<C> each) {
        return new Retrying<>(requireNonNull(policy, "policy"), requireNonNull(each, "each"));
    }
}
