package org.ham.cluster;

import java.util.HashSet;
import java.util.Set;

/** What is open in one direction, up to a limit, and is closed together. Thread-safe. */
final class Open implements AutoCloseable {
    private final int most;
    private final Set<Runnable> open = new HashSet<>();
    private boolean closed;

    Open(int most) {
        this.most = most;
    }

    /** Adds one; false when there are too many, or none are wanted any more. */
    synchronized boolean add(Runnable close) {
        return !closed && open.size() < most && open.add(close);
    }

    synchronized void remove(Runnable close) {
        open.remove(close);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** How many there are. */
    synchronized int count() {
        return open.size();
    }

    @Override
    public void close() {
        Set<Runnable> all;
        synchronized (this) {
            closed = true;
            all = Set.copyOf(open);
        }
        all.forEach(Runnable::run);
    }
}
