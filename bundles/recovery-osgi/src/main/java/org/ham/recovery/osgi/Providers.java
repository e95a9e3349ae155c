package org.ham.recovery.osgi;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The providers of a service that are there, and waiting for one. Thread-safe. */
final class Providers<S> implements ServiceTrackerCustomizer<S, S>, AutoCloseable {
    private static final Logger LOG = System.getLogger("org.ham.recovery");

    /** One of them. */
    record Provider<S>(ServiceReference<S> reference, S service) {
        /** Whether it is not registered any more, or about to be so. */
        boolean isGone() {
            var bundle = reference.getBundle();
            return bundle == null || (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0;
        }
    }

    private final BundleContext context;
    private final String name;
    private final Counting counting;
    private final ServiceTracker<S, S> tracker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The one that calls go to; empty while there is none. */
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
    public @Nullable S addingService(ServiceReference<S> reference) {
        var service = context.getService(reference);
        if (service != null) {
            counting.provider();
            change(() -> choose(reference, service));
        }
        return service;
    }

    @Override
    public void modifiedService(ServiceReference<S> reference, S service) {
        change(() -> {
            forget(reference);
            choose(reference, service);
        });
    }

    @Override
    public void removedService(ServiceReference<S> reference, S service) {
        change(() -> forget(reference));
        context.ungetService(reference);
        LOG.log(Level.DEBUG, "{0}: a provider has gone", name);
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void choose(ServiceReference<S> reference, S service) {
        var now = best;
        if (now == null || now.isGone() || reference.compareTo(now.reference()) > 0) {
            best = new Provider<>(reference, service);
        }
    }

    /** Takes the best of the others when it was the one in use. */
    private void forget(ServiceReference<S> reference) {
        var now = best;
        if (now == null || !now.reference().equals(reference)) {
            return;
        }
        best = null;
        tracker.getTracked().forEach((other, service) -> {
            if (!other.equals(reference)) {
                choose(other, service);
            }
        });
    }

    /** The one to call, other than the one that failed; at once while there is one. */
    Provider<S> next(Optional<Provider<S>> failed, long[] left) {
        var now = best;
        if (now != null && failed.isEmpty()) {
            return now;
        }
        return awaitOther(failed, left);
    }

    private Provider<S> awaitOther(Optional<Provider<S>> failed, long[] left) {
        var most = left[0];
        lock.lock();
        try {
            while (true) {
                requireOpen();
                var now = best;
                if (now != null
                        && failed.filter(f -> f.reference().equals(now.reference()))
                                .isEmpty()) {
                    return now;
                }
                if (left[0] <= 0) {
                    throw new ServiceGoneException(
                            Outcome.NOT_DONE, name + ": no provider came in time; install one or wait longer");
                }
                left[0] = changed.awaitNanos(left[0]);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ServiceGoneException(Outcome.NOT_DONE, name + ": interrupted while it waited for a provider");
        } finally {
            lock.unlock();
            if (left[0] < most) {
                counting.waited(most - left[0]);
            }
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
