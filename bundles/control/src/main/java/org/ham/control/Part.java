package org.ham.control;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A service that is there as long as its bundle is. Thread-safe. */
final class Part<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private @Nullable T current;

    /** Whether it was there once, so that it may be just being replaced. */
    private boolean known;

    void bind(T fresh) {
        lock.lock();
        try {
            current = fresh;
            known = true;
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void unbind(T old) {
        lock.lock();
        try {
            // The next one may be bound before the one before is unbound.
            if (current == old) {
                current = null;
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<T> get() {
        lock.lock();
        try {
            return Optional.ofNullable(current);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for it. */
    Optional<T> await(Duration ifKnown, Duration ifNot) {
        lock.lock();
        try {
            var left = (known ? ifKnown : ifNot).toNanos();
            while (current == null && left > 0) {
                left = came.awaitNanos(Math.min(left, TimeUnit.DAYS.toNanos(1)));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return get();
    }
}
