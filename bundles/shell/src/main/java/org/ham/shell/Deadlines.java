package org.ham.shell;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long. Thread-safe; sleeps while nothing is limited. */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor clock;

    Deadlines() {
        clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ham-shell-deadlines").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    /** Runs {@code end} unless the returned guard is closed before. */
    Guard within(Duration time, Runnable end) {
        var task = clock.schedule(end, time.toNanos(), TimeUnit.NANOSECONDS);
        return () -> task.cancel(false);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** Something under a deadline. */
    interface Guard extends AutoCloseable {
        @Override
        void close();
    }
}
