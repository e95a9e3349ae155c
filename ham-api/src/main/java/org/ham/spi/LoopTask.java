package org.ham.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something the core loop does on its own thread after each full turn through journal and fold: HAM's own proof of life.
 * Must not block; an exception is counted and reported.
 */
@ConsumerType
public interface LoopTask {
    /** Called when a turn begins. Until {@link #turned} the loop is at work and takes nothing in. */
    default void turning() {}

    /**
     * Called after a full turn.
     *
     * @param seq the last journal line that is folded
     * @param nowNanos {@code CLOCK_MONOTONIC}
     * @return in how many nanoseconds the loop shall turn again at the latest; {@link Long#MAX_VALUE} for never
     */
    long turned(long seq, long nowNanos);

    /** Called once, on the same thread, when the loop ends or this task is taken out of it; nothing is called afterwards. */
    default void ended() {}
}
