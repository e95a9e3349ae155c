package org.ham.guardian;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where the bundle's threads are made and ended. Stateless. */
final class Threads implements Hands {
    static final Threads REAL = new Threads();

    private Threads() {}

    @Override
    public ScheduledExecutorService one(String name) {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon()::unstarted);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    @Override
    public void end(ScheduledExecutorService executor, Duration limit) {
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

    @Override
    public void start(String name, Runnable what) {
        Thread.ofPlatform().daemon().name(name).start(what);
    }

    @Override
    public void halt() {
        Runtime.getRuntime().halt(0);
    }

    @Override
    public void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
