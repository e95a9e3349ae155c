package org.ham.core;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A virtual thread for each action or snapshot, and one thread that looks after their deadlines. Thread-safe. */
final class Threads implements Workers {
    private final ScheduledThreadPoolExecutor deadlines;

    Threads() {
        deadlines = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-deadlines").daemon().factory());
        deadlines.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Runnable start(String name, Runnable what) {
        return Thread.ofVirtual().name(name).start(what)::interrupt;
    }

    @Override
    public Runnable after(Duration time, Runnable what) {
        var scheduled = deadlines.schedule(what, time.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }
}
