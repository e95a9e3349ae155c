package org.ham.recovery;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;

/** One recovery's attempts under a back-off. Woken by any thread. */
final class BackoffAttempts implements RetryPolicy.Attempts {
    private final Backoff policy;
    private final Ticker ticker;
    private final DoubleSupplier chance;
    private final long begun;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    /** Waits so far since the last news; those of earlier recoveries count while no operation has succeeded. */
    private int waits;

    private int made;
    private boolean isWoken;

    BackoffAttempts(Backoff policy, int tries, Ticker ticker, DoubleSupplier chance) {
        this.policy = policy;
        this.ticker = ticker;
        this.chance = chance;
        this.begun = ticker.nanos();
        this.waits = Math.max(tries - 1, 0);
    }

    @Override
    public boolean await(IOException failure) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (policy.attempts() >= 0 && made >= policy.attempts() || left() <= 0) {
                return false;
            }
            if (made > 0 || waits > 0) {
                awaitNews(made == 0 ? waits : waits + 1);
            }
            made = made == Integer.MAX_VALUE ? made : made + 1;
            return left() > 0;
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(int after) throws InterruptedException {
        waits = after;
        var end = ticker.nanos() + Math.min(policy.waitNanos(after, chance.getAsDouble()), left());
        for (var left = end - ticker.nanos(); left > 0 && !isWoken; left = end - ticker.nanos()) {
            woken.awaitNanos(left);
        }
        if (isWoken) {
            isWoken = false;
            waits = 0;
        }
    }

    private long left() {
        return policy.deadline().toNanos() - (ticker.nanos() - begun);
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            isWoken = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
