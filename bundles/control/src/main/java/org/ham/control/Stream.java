package org.ham.control;

import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.Subscription;
import org.ham.spi.ServedHam;
import org.ham.wire.Calls;
import org.ham.wire.Message;
import org.ham.wire.Outbox;

/**
 * One subscription of a client. Lines wait in the journal and not in memory: only as many are under way as the client said, or
 * as fit into the outbox. Thread-safe.
 */
final class Stream {
    private final long id;
    private final Outbox outbox;
    private final Runnable noMemory;
    private final long window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long first = -1;
    private long taken = -1;
    private boolean closed;

    /**
     * @param window how many lines may be under way, if the client says when it has taken them
     * @param noMemory called when a line cannot be kept
     */
    Stream(long id, OptionalLong window, Outbox outbox, Runnable noMemory) {
        this.id = id;
        this.window = window.orElse(Long.MAX_VALUE);
        this.outbox = outbox;
        this.noMemory = noMemory;
    }

    /** What is open in the HAM, and the line it began after. */
    record Opened(Subscription subscription, long after) {}

    Opened open(ServedHam ham, long after) {
        var subscription = ham.subscribe(after, this::tell, this::ended);
        // In this order: once a line was told the number of the subscription is too high.
        var begin = subscription.seq();
        lock.lock();
        try {
            return new Opened(subscription, first < 0 ? begin : first);
        } finally {
            lock.unlock();
        }
    }

    private void tell(Event event) {
        try {
            if (!awaitCredit(event.seq()) || !outbox.awaitRoom()) {
                Thread.currentThread().interrupt();
            } else if (!outbox.offer(Message.notice("event", new Calls.Told(id, event)))) {
                noMemory.run();
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitCredit(long seq) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (first < 0) {
                first = seq - 1;
                taken = Math.max(taken, first);
            }
            while (seq - taken > window && !closed) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void ended(HamException why) {
        outbox.offer(
                Message.notice("ended", new Calls.Ended(id, why.code().errno(), String.valueOf(why.getMessage()))));
    }

    /** The client is done with all lines up to this one. */
    void taken(long seq) {
        lock.lock();
        try {
            taken = Math.max(taken, seq);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
