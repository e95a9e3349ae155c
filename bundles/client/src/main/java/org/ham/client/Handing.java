package org.ham.client;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;

/** Hands things one after the other to a listener, on a thread of its own. Thread-safe. */
final class Handing<T> implements AutoCloseable {
    /** How many may wait. */
    static final int ROOM = 1_000;

    private final ArrayBlockingQueue<T> queue = new ArrayBlockingQueue<>(ROOM);
    private final Consumer<T> listener;
    private final Thread thread;
    private volatile boolean closed;

    /** Begins with {@link #start}. */
    Handing(String name, Consumer<T> listener) {
        this.listener = listener;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** False when there is no room. */
    boolean offer(T thing) {
        return !closed && queue.offer(thing);
    }

    private void run() {
        try {
            while (!closed) {
                listener.accept(queue.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The listener is not called any more when this returns, unless called by the listener itself. */
    @Override
    public void close() {
        closed = true;
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
