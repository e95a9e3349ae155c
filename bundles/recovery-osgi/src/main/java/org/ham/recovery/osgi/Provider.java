package org.ham.recovery.osgi;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** One that is registered, and its service once it can be got. Thread-safe. */
final class Provider<S> {
    private final BundleContext context;
    private final ServiceReference<S> reference;
    private final AtomicReference<@Nullable S> got = new AtomicReference<>();

    Provider(BundleContext context, ServiceReference<S> reference) {
        this.context = context;
        this.reference = reference;
    }

    ServiceReference<S> reference() {
        return reference;
    }

    /** Nothing while it cannot be got. */
    @Nullable
    S service() {
        var known = got.get();
        if (known != null) {
            return known;
        }
        var fresh = context.getService(reference);
        if (fresh != null && !got.compareAndSet(null, fresh)) {
            // Another thread was faster: one use is enough.
            context.ungetService(reference);
        }
        return got.get();
    }

    /** Whether it is not registered any more, or about to be so. */
    boolean isGone() {
        var bundle = reference.getBundle();
        return bundle == null || (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0;
    }

    void release() {
        if (got.get() != null) {
            context.ungetService(reference);
        }
    }
}
