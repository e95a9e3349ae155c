package org.ham.linux;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A thread that waits for the death of a word's holder. Thread-safe. */
final class HolderWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HolderWatch.class.getName());
    private static final long BETWEEN_WAKES = 100_000;

    private final FutexWord word;
    private final Runnable callback;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;

    HolderWatch(FutexWord word, Urgency urgency, Runnable callback) {
        this.word = word;
        this.callback = callback;
        thread = Thread.ofPlatform().name("ham-linux-holder-watch").daemon().start(() -> watch(urgency));
    }

    private void watch(Urgency urgency) {
        urgency.raiseThisThread();
        while (!over.get()) {
            int value = word.get();
            if (FutexWord.isOrphaned(value)) {
                // The kernel woke one of those that wait; the others are to know too.
                word.wakeAll();
                tell();
                return;
            }
            word.awaitChange(value);
        }
    }

    private void tell() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        try {
            callback.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The callback for the death of a word's holder failed.", e);
        }
    }

    /** Wakes it until it has noticed: it may be about to wait. */
    @Override
    public void close() {
        over.set(true);
        if (Thread.currentThread() == thread) {
            return;
        }
        do {
            word.wakeAll();
            LockSupport.parkNanos(BETWEEN_WAKES);
        } while (thread.isAlive());
    }
}
