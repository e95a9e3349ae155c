package org.ham.detector.heartbeat;

import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Knows whether a part of HAM is just being replaced: beats that would come through it do not get here, and are not held against
 * anybody. Thread-safe.
 */
final class Replacements implements SynchronousBundleListener, AutoCloseable {
    private static final String OURS = "org.ham.";

    /** What has been away for longer does not come back. */
    private static final long LONGEST_NANOS = 30_000_000_000L;

    private final BundleContext context;
    private final LongSupplier clock;
    private volatile Runnable over = () -> {};
    private long since;
    private boolean away;

    Replacements(BundleContext context, LongSupplier clock) {
        this.context = context;
        this.clock = clock;
        context.addBundleListener(this);
    }

    /** Called each time a part is back, from now on. */
    void whenOver(Runnable listener) {
        over = listener;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED && isOurs(event.getBundle())) {
            over.run();
        }
    }

    private static boolean isOurs(Bundle bundle) {
        var name = bundle.getSymbolicName();
        return name != null && name.startsWith(OURS);
    }

    /** Whether some part is away for now. */
    synchronized boolean underWay() {
        var now = clock.getAsLong();
        if (!anyIsAway()) {
            away = false;
        } else if (!away) {
            away = true;
            since = now;
        }
        return away && now - since < LONGEST_NANOS;
    }

    private boolean anyIsAway() {
        for (var bundle : context.getBundles()) {
            if (bundle.getState() != Bundle.ACTIVE && isOurs(bundle)) {
                var level = bundle.adapt(BundleStartLevel.class);
                if (level != null && level.isPersistentlyStarted()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        context.removeBundleListener(this);
    }
}
