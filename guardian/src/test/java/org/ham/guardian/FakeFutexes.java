package org.ham.guardian;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ham.linux.RobustFutexes;
import org.ham.linux.SharedPage;

/** One word whose holder lives and dies as a test says. Thread-safe. */
final class FakeFutexes implements RobustFutexes {
    volatile boolean held;
    volatile boolean othersLead;
    volatile boolean marked;
    private volatile Runnable watcher = () -> {};
    private final AtomicBoolean orphaned = new AtomicBoolean();
    volatile int watches;

    /** The thread that leads dies. */
    void die() {
        held = false;
        orphaned.set(true);
        watcher.run();
    }

    /** Another process claims the word. */
    void claimedByAnother() {
        orphaned.set(false);
        othersLead = true;
    }

    @Override
    public AutoCloseable hold(SharedPage page, long offset) {
        return holdOnThisThread(page, offset);
    }

    @Override
    public Hold holdOnThisThread(SharedPage page, long offset) {
        held = true;
        marked = false;
        return new Hold() {
            @Override
            public void close() {
                held = false;
            }

            @Override
            public void closeMarked() {
                held = false;
                marked = true;
            }
        };
    }

    @Override
    public Optional<Hold> claimOnThisThread(SharedPage page, long offset) {
        return orphaned.compareAndSet(true, false) ? Optional.of(holdOnThisThread(page, offset)) : Optional.empty();
    }

    @Override
    public boolean reserve(SharedPage page, long offset) {
        return !othersLead;
    }

    @Override
    public void seize(SharedPage page, long offset) {
        othersLead = false;
    }

    @Override
    public void release(SharedPage page, long offset) {
        marked = false;
    }

    @Override
    public AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback) {
        watcher = callback;
        watches++;
        return () -> watches--;
    }
}
