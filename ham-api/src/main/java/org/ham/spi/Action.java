package org.ham.spi;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An action that HAM runs when a condition becomes true. It runs at least once: after a takeover the first unfinished
 * one runs again, with the same invocation id, through {@link #resume}.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface Action<P extends Record> extends ActionType<P> {
    /**
     * Does it. Runs on a thread of its own, may block, and is interrupted at its deadline. An exception is a failure.
     *
     * @return what came of it
     */
    Outcome run(Invocation<P> invocation) throws Exception;

    /** Goes on with what an earlier HAM may have begun or finished; by default runs it again. */
    default Outcome resume(Invocation<P> invocation) throws Exception {
        return run(invocation);
    }

    /** How long one run may take before it is interrupted and counts as failed; 30 seconds unless overridden. */
    default Duration deadline(P parameters) {
        return Duration.ofSeconds(30);
    }

    /** Whether it waits for something, so that a no-wait condition must refuse it. */
    default boolean waits() {
        return false;
    }
}
