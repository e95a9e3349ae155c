package org.ham.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is open in one direction, up to a limit, and is closed together, which ends pauses too. Thread-safe. */
final class Open implements AutoCloseable {
    private final int most;
    private final Set<Runnable> open = new HashSet<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    Open(int most) {
        this.most = most;
    }

    /** Adds one; false when there are too many, or none are wanted any more. */
    synchronized boolean add(Runnable close) {
        return !isClosed() && open.size() < most && open.add(close);
    }

    synchronized void remove(Runnable close) {
        open.remove(close);
    }

    boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Waits, but no longer than until it is closed. */
    void pause(Duration time) {
        try {
            if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many there are. */
    synchronized int count() {
        return open.size();
    }

    @Override
    public void close() {
        Set<Runnable> all;
        synchronized (this) {
            closing.countDown();
            all = Set.copyOf(open);
        }
        all.forEach(Runnable::run);
    }
}
