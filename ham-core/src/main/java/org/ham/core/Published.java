package org.ham.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.ham.api.HamException;
import org.ham.core.engine.State;

/** The state as the loop last published it, and those who wait for it to become one they want. Thread-safe. */
final class Published {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile State state = State.empty();
    private volatile int waiting;
    private volatile boolean closed;

    State state() {
        return state;
    }

    /** Publishes a state; cheap while nobody waits. */
    void publish(State next) {
        if (next == state) {
            return;
        }
        state = next;
        if (waiting > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Nothing is published any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a published state is as wanted; false when the time is over.
     *
     * @throws HamException {@code NOT_CONNECTED} when nothing is published any more
     */
    boolean await(Predicate<State> wanted, long nanos) throws InterruptedException {
        var left = nanos;
        lock.lockInterruptibly();
        try {
            // Counted before the look, so that what is published after the look finds somebody to wake.
            waiting++;
            while (!wanted.test(state)) {
                if (closed) {
                    throw Loop.stopped();
                }
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(Math.min(left, TimeUnit.DAYS.toNanos(1)))
                        + Math.max(0, left - TimeUnit.DAYS.toNanos(1));
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }
}
