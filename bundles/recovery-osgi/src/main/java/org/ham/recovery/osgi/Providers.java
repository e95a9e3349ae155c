package org.ham.recovery.osgi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The providers of a service that are registered, and waiting for one. Thread-safe; no foreign code is called under its lock. */
final class Providers<S> implements ServiceTrackerCustomizer<S, Provider<S>>, AutoCloseable {
    /** A component is registered before it is activated, and nobody tells when it can be got. */
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);

    private final BundleContext context;
    private final String name;
    private final Counting counting;
    private final ServiceTracker<S, Provider<S>> tracker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Provider<S>> all = new ArrayList<>();

    /** The one that calls go to. */
    private volatile @Nullable Provider<S> best;

    private volatile boolean closed;

    Providers(BundleContext context, String name, Filter filter, Counting counting) {
        this.context = context;
        this.name = name;
        this.counting = counting;
        this.tracker = new ServiceTracker<>(context, filter, this);
    }

    void open() {
        tracker.open();
    }

    @Override
    public Provider<S> addingService(ServiceReference<S> reference) {
        counting.provider();
        var provider = new Provider<>(context, reference);
        provider.service();
        change(() -> all.add(provider));
        return provider;
    }

    /** Its rank may be another. */
    @Override
    public void modifiedService(ServiceReference<S> reference, Provider<S> provider) {
        change(() -> {});
    }

    @Override
    public void removedService(ServiceReference<S> reference, Provider<S> provider) {
        change(() -> all.remove(provider));
        provider.release();
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            best = all.stream().max(Comparator.comparing(Provider::reference)).orElse(null);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The one to call, other than the one that failed; waits until there is one.
     *
     * @param left how long it may still wait, in nanoseconds; what it waited is taken off
     */
    Provider<S> next(@Nullable Provider<S> failed, long[] left) {
        var most = left[0];
        try {
            while (true) {
                requireOpen();
                var now = best;
                var isOther = now != null && now != failed;
                if (now != null && isOther && now.service() != null) {
                    return now;
                }
                if (left[0] <= 0) {
                    throw new ServiceGoneException(
                            Outcome.NOT_DONE, name + ": no provider came in time; install one or wait longer");
                }
                awaitChange(now, isOther ? LOOK_AGAIN : left[0], left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ServiceGoneException(Outcome.NOT_DONE, name + ": interrupted while it waited for a provider");
        } finally {
            if (left[0] < most) {
                counting.waited(most - left[0]);
            }
        }
    }

    private void awaitChange(@Nullable Provider<S> seen, long most, long[] left) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (best == seen && !closed) {
                var wait = Math.min(most, left[0]);
                left[0] -= wait - changed.awaitNanos(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new ServiceGoneException(Outcome.NOT_DONE, name + ": the cover is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        tracker.close();
        change(() -> {});
    }
}
