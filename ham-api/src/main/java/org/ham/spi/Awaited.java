package org.ham.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A service that is there or not, for those who can wait a moment for it: after a takeover an action may go on before the parts it
 * needs have come. Thread-safe.
 *
 * @param <T> the service
 */
public final class Awaited<T> {
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private @Nullable T service;

    /** @param patience how long {@link #get} waits */
    public Awaited(Duration patience) {
        this.patience = patience;
    }

    /** It is there; to be called by what binds it. */
    public void bind(T fresh) {
        lock.lock();
        try {
            service = fresh;
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** It is not there any more, unless another one has taken its place already. */
    public void unbind(T old) {
        lock.lock();
        try {
            if (service == old) {
                service = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The service; waits for it, and is empty when it does not come. */
    public Optional<T> get() throws InterruptedException {
        var left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (service == null && left > 0) {
                left = came.awaitNanos(left);
            }
            return Optional.ofNullable(service);
        } finally {
            lock.unlock();
        }
    }
}
