package org.ham.detector.heartbeat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.ham.spi.Connections;
import org.ham.spi.Patience;
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

    /** There while beats are taken in: from the notify socket, and from programs. */
    private static final String RELAYS = "(|(%1$s=%2$s)(%1$s=%3$s))"
            .formatted(Constants.OBJECTCLASS, Patience.class.getName(), Connections.class.getName());

    /** What has been away for longer does not come back. */
    private static final long LONGEST_NANOS = 30_000_000_000L;

    private final BundleContext context;
    private final LongSupplier clock;
    private final Map<String, Long> relaysAway = new ConcurrentHashMap<>();
    private volatile Runnable over = () -> {};
    private long since;
    private boolean away;

    Replacements(BundleContext context, LongSupplier clock) {
        this.context = context;
        this.clock = clock;
        context.addBundleListener(this);
        try {
            context.addServiceListener(this, RELAYS);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
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
        if (event.getServiceReference().getProperty(Constants.OBJECTCLASS) instanceof String[] names) {
            for (var name : names) {
                if (event.getType() == ServiceEvent.UNREGISTERING) {
                    relaysAway.put(name, clock.getAsLong());
                } else if (event.getType() == ServiceEvent.REGISTERED && relaysAway.remove(name) != null) {
                    over.run();
                }
            }
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
        relaysAway.values().removeIf(gone -> now - gone >= LONGEST_NANOS);
        return away && now - since < LONGEST_NANOS || !relaysAway.isEmpty();
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
        context.removeServiceListener(this);
        context.removeBundleListener(this);
    }
}
