package org.ham.spi;

import org.ham.api.ProcessId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A detector of missed beats. The core tells it whom to watch, on its own thread and without waiting; a detector that comes
 * later is told of all at once. It tells what it finds through {@link Reports}.
 */
@ConsumerType
public interface HeartbeatMonitor {
    /** Watch an entity from now on, in place of what was said of it before. */
    void monitor(Monitored entity);

    /** Watch an entity no more. */
    void forget(String entity);

    /**
     * An entity beat, by another way than a page of memory. Called on any thread, also for entities and processes that are
     * not watched. By default nothing happens.
     *
     * @param nanos when, {@code CLOCK_MONOTONIC}
     */
    default void beat(String entity, ProcessId process, long nanos) {}
}
