package org.ham.config;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Finishes updates. Has bundles use the packages of one that was updated, as a refresh by hand would: those that are left with the
 * old ones do not see the services of the new version, so that after an update of HAM's bundle of the operating system nobody would
 * supervise anything. Starts what is meant to run and was left behind: the framework gives up a start when an update and a
 * refresh meet. And takes back an update of one of HAM's bundles after which not all comes up: the version that this process was
 * started with runs again, and the timeline says why. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class Rewiring {
    private static final System.Logger LOG = System.getLogger("org.ham.config");
    private static final long LOOK_MILLIS = 10;

    /** For how long after an update it is looked whether all is well. */
    private static final int LOOKS = 1_000;

    /** So many looks after the last update it is not just being started by whoever updated it. */
    private static final int SOME_LOOKS = 100;

    private final BundleContext context;
    private final Probation probation;
    private final SynchronousBundleListener listener = this::heard;
    private final Set<Bundle> updated = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor thread;
    private int looks;

    /** Begins to listen. */
    @Activate
    public Rewiring(BundleContext context, @Reference ServiceComponentRuntime components, @Reference Alarms alarms) {
        this.context = context;
        probation = new Probation(new PluginHealth(components), alarms);
        // It ends when there is nothing to finish.
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-rewiring").daemon()::unstarted);
        thread.setKeepAliveTime(5, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        context.addBundleListener(listener);
        // What was under way when this bundle itself was replaced.
        later(true);
    }

    private void heard(BundleEvent event) {
        if (event.getType() == BundleEvent.UPDATED) {
            updated.add(event.getBundle());
            probation.begin(event.getBundle());
            later(true);
        }
    }

    private void later(boolean fresh) {
        if (!thread.isShutdown()) {
            thread.schedule(() -> look(fresh), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** On its own thread, so that an update is over before what it takes is begun. */
    private void look(boolean fresh) {
        looks = fresh ? LOOKS : looks - 1;
        var framework = context.getBundle(0);
        if (framework.getState() != Bundle.ACTIVE) {
            return;
        }
        if (looks < 0) {
            probation.fail(leftBehind());
            return;
        }
        var rewired = updated.removeIf(bundle -> isOver(bundle) && rewire(bundle));
        if (rewired || !updated.isEmpty() || !allRun() || probation.problem().isPresent()) {
            later(false);
        } else {
            probation.pass();
        }
    }

    private Optional<String> leftBehind() {
        return Stream.of(context.getBundles())
                .filter(Rewiring::isLeftBehind)
                .flatMap(bundle -> start(bundle).stream())
                .findFirst();
    }

    private static boolean isOver(Bundle bundle) {
        return (bundle.getState() & (Bundle.ACTIVE | Bundle.UNINSTALLED)) != 0 || !isMeantToRun(bundle);
    }

    private boolean rewire(Bundle bundle) {
        var wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        if (wiring != null && wiring.getRemovalPendingBundles().contains(bundle)) {
            LOG.log(Level.INFO, "{0} was updated; what uses it is refreshed", bundle);
            // By a thread of the framework.
            wiring.refreshBundles(Set.of(bundle));
        }
        return true;
    }

    /** Whether all run that are meant to; those that do not are started. */
    private boolean allRun() {
        var all = true;
        for (var bundle : context.getBundles()) {
            if (isLeftBehind(bundle)) {
                all = false;
                // A refresh or an update may just be at it; after a while it is not any more.
                if (looks % SOME_LOOKS == 0 && looks < LOOKS) {
                    start(bundle).ifPresent(problem -> LOG.log(Level.WARNING, problem));
                }
            }
        }
        return all;
    }

    private static boolean isLeftBehind(Bundle bundle) {
        return (bundle.getState() & (Bundle.RESOLVED | Bundle.INSTALLED)) != 0 && isMeantToRun(bundle);
    }

    private static boolean isMeantToRun(Bundle bundle) {
        var level = bundle.adapt(BundleStartLevel.class);
        return level != null
                && level.isPersistentlyStarted()
                && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null;
    }

    /** What keeps it from running, if anything does. */
    private static Optional<String> start(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            LOG.log(Level.INFO, "{0} was left behind by an update and is started", bundle);
            return Optional.empty();
        } catch (BundleException | IllegalStateException e) {
            return Optional.of(bundle + " does not start: " + PluginHealth.reason(e));
        }
    }

    @Deactivate
    void close() {
        context.removeBundleListener(listener);
        thread.shutdownNow();
    }
}
