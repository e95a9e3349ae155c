package org.ham.guardian;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where the bundle's threads are made and ended. */
final class Threads {
    private Threads() {}

    /** An executor with one named thread; what waits in it when it is ended is dropped. */
    static ScheduledExecutorService one(String name) {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon()::unstarted);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Ends an executor and reports when its thread does not stop in time. */
    static void end(ScheduledExecutorService executor, Duration limit) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
                System.getLogger(Threads.class.getName()).log(Level.WARNING, "A thread did not stop within {0}", limit);
            }
        } catch (InterruptedException _) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
