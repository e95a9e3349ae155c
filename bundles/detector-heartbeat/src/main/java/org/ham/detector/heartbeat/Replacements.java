package org.ham.detector.heartbeat;

import java.util.function.LongSupplier;
import org.ham.spi.Patience;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Knows whether a part of HAM is just being replaced: beats that would come through it do not get here, and are not held against
 * anybody. Its bundle may be the one that is replaced, or one that its components cannot be without. Thread-safe.
 */
final class Replacements implements SynchronousBundleListener, ServiceListener, AutoCloseable {
    private static final String OURS = "org.ham.";

    /** There while beats are taken in from the notify socket. */
    private static final String RELAY = "(" + Constants.OBJECTCLASS + "=" + Patience.class.getName() + ")";

    /** What has been away for longer does not come back. */
    private static final long LONGEST_NANOS = 30_000_000_000L;

    /** So long after this it comes itself, where it is meant to be. */
    private static final long COMES_NANOS = 5_000_000_000L;

    private final BundleContext context;
    private final LongSupplier clock;
    private volatile long relayAwayUntil;
    private volatile Runnable over = () -> {};
    private long since;
    private boolean away;

    Replacements(BundleContext context, LongSupplier clock) {
        this.context = context;
        this.clock = clock;
        context.addBundleListener(this);
        try {
            context.addServiceListener(this, RELAY);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        relayAwayUntil =
                clock.getAsLong() + (context.getServiceReference(Patience.class.getName()) == null ? COMES_NANOS : 0);
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

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.UNREGISTERING) {
            if (isMeantToRun(event.getServiceReference().getBundle())) {
                relayAwayUntil = clock.getAsLong() + LONGEST_NANOS;
            }
        } else if (event.getType() == ServiceEvent.REGISTERED) {
            relayAwayUntil = clock.getAsLong();
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
        return away && now - since < LONGEST_NANOS || now < relayAwayUntil;
    }

    private boolean anyIsAway() {
        for (var bundle : context.getBundles()) {
            if (bundle.getState() != Bundle.ACTIVE && isOurs(bundle) && isMeantToRun(bundle)) {
                return true;
            }
        }
        return false;
    }

    /** Not one that was stopped for good. */
    private static boolean isMeantToRun(@Nullable Bundle bundle) {
        var level = bundle == null ? null : bundle.adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }

    @Override
    public void close() {
        context.removeServiceListener(this);
        context.removeBundleListener(this);
    }
}
