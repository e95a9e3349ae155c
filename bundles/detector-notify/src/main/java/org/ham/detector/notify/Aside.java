package org.ham.detector.notify;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread, there only when it is needed, for what may take a while. Thread-safe. */
final class Aside implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Aside.class.getName());
    private static final int MOST_WAITING = 256;
    private static final long JOIN_SECONDS = 5;

    private final AtomicInteger undone = new AtomicInteger();
    private final Runnable done;
    private final ThreadPoolExecutor thread;

    /**
     * @param done run after each task, on its thread
     */
    Aside(Runnable done) {
        this.done = done;
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("ham-notify").daemon().factory());
        thread.allowCoreThreadTimeOut(true);
    }

    /** Does it on the thread; false when too much waits for it already. */
    boolean later(Runnable task) {
        undone.incrementAndGet();
        try {
            thread.execute(() -> run(task));
            return true;
        } catch (RejectedExecutionException e) {
            undone.decrementAndGet();
            return false;
        }
    }

    /** Does it now, unless tasks wait: then after them. */
    void afterwards(Runnable task) {
        if (undone.get() == 0 || !later(task)) {
            task.run();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
            done.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A message could not be taken in", e);
        } finally {
            undone.decrementAndGet();
        }
    }

    /** What waits is done, unless that takes too long. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(JOIN_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
                LOG.log(Level.WARNING, "A look at a process does not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
