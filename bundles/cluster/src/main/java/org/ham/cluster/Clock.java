package org.ham.cluster;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long. What it is given must not block. Thread-safe. */
final class Clock implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    Clock() {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ham-nodes-clock").factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** A deadline; closing it in time lets it pass without effect. */
    interface Deadline extends AutoCloseable {
        @Override
        void close();
    }

    /** Does something after a time, unless the deadline is closed before; at once when the clock is closed. */
    Deadline within(Duration time, Runnable late) {
        synchronized (executor) {
            if (!executor.isShutdown()) {
                var task = executor.schedule(late, time.toNanos(), TimeUnit.NANOSECONDS);
                return () -> task.cancel(false);
            }
        }
        late.run();
        return () -> {};
    }

    @Override
    public void close() {
        synchronized (executor) {
            executor.shutdownNow();
        }
    }
}
