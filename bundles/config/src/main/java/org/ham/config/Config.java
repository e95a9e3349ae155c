package org.ham.config;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.config.Reconciler.Next;
import org.ham.spi.ActionType;
import org.ham.spi.Host;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.ham.spi.RunDirs;
import org.ham.spi.Supervisor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Keeps HAM's entities as the files in the folder {@code entities} of the configuration folder say, while this process is
 * the HAM. All is done on the config thread, which the watch thread and new plug-ins wake.
 */
@Component(
        service = {},
        immediate = true)
public final class Config {
    private static final long SETTLE_MILLIS = 100;
    private static final long SOON_MILLIS = 500;
    private static final long LATER_MILLIS = 1000;
    private static final long LATEST_MILLIS = 60_000;
    private static final long STOP_MILLIS = 3000;

    private final System.Logger log = System.getLogger("org.ham.config");
    private final String confDir;
    private final Path runDir;
    private final String verbosity;
    private final Supervisor ham;
    private final Primary primary;
    private final Mirror mirror;
    private final Host host;
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    /** Reads the framework properties {@code ham.conf.dir} and {@code ham.run.dir}; does nothing without the former. */
    @Activate
    public Config(
            BundleContext context,
            @Reference Supervisor ham,
            @Reference Primary primary,
            @Reference Mirror mirror,
            @Reference Host host) {
        this.confDir = property(context, "ham.conf.dir");
        this.runDir = RunDirs.of(context::getProperty, System.getenv());
        this.verbosity = property(context, "ham.verbosity");
        this.ham = ham;
        this.primary = primary;
        this.mirror = mirror;
        this.host = host;
        this.thread = Thread.ofPlatform().daemon().name("ham-config").unstarted(this::run);
    }

    private static String property(BundleContext context, String name) {
        var value = context.getProperty(name);
        return value == null ? "" : value;
    }

    /** A new plug-in may make valid what was refused. */
    @Reference(
            service = ActionType.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addActionType(ServiceReference<?> plugin) {
        changes.release();
    }

    /** Nothing changes for files that were declared. */
    void removeActionType(ServiceReference<?> plugin) {}

    /** Begins to look at the files. */
    @Activate
    void start() {
        if (confDir.isEmpty()) {
            log.log(Level.INFO, "no configuration folder (ham.conf.dir): no entity files are read");
        } else {
            thread.start();
        }
    }

    /** Ends; the entities stay as they are. */
    @Deactivate
    void stop() {
        stopping.countDown();
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(java.time.Duration.ofMillis(STOP_MILLIS))) {
                log.log(Level.WARNING, "the config thread is still busy after " + STOP_MILLIS + " ms; left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var folder = new EntityFolder(Path.of(confDir).toAbsolutePath().normalize());
        try (var watch = new FolderWatch(folder.path(), changes::release)) {
            watch.start();
            var reconciler = new Reconciler(folder, ledger(), ham, mirror, host);
            long pause = LATER_MILLIS;
            while (true) {
                changes.drainPermits();
                var next = look(reconciler);
                if (awaitChange(next, pause, folder.path())) {
                    pause = LATER_MILLIS;
                } else if (next == Next.LATER) {
                    pause = Math.min(2 * pause, LATEST_MILLIS);
                }
                if (stopping.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // deactivated: the thread ends
        } catch (IOException e) {
            log.log(Level.ERROR, folder.path() + " cannot be watched; entity files are not read: " + e);
            mirror.alarm("config:entities", folder.path() + " cannot be watched: " + e);
        }
    }

    /** Waits until something changed or it is time to look again; whether something changed. */
    private boolean awaitChange(Next next, long laterMillis, Path folder) throws InterruptedException {
        return switch (next) {
            case NEVER -> {
                // Nobody tells when a folder's permissions change, so that is looked at now and then.
                var readable = Files.isReadable(folder);
                while (!changes.tryAcquire(LATEST_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (Files.isReadable(folder) != readable) {
                        break;
                    }
                }
                yield true;
            }
            case SOON -> changes.tryAcquire(SOON_MILLIS, TimeUnit.MILLISECONDS);
            case LATER -> changes.tryAcquire(laterMillis, TimeUnit.MILLISECONDS);
        };
    }

    /**
     * What the files own. A HAM that was started declares everything; one that took over, or whose config bundle was
     * updated, only what changed meanwhile: what the dead HAM had removed stays removed.
     */
    private Ledger ledger() {
        var ledger = new Ledger(runDir.resolve("config-entities"));
        try {
            ledger.load();
        } catch (IOException e) {
            log.log(Level.WARNING, "which entities the files own is not known any more, they are declared anew: " + e);
        }
        var status = ham.status();
        var otherReign = ledger.begin(status.hamPid() + " " + status.since());
        if (otherReign && primary.reason() == Primary.Reason.STARTED) {
            ledger.forgetDigests();
            setVerbosity();
        }
        return ledger;
    }

    private void setVerbosity() {
        try {
            if (!verbosity.isEmpty()) {
                ham.verbosity(Integer.parseInt(verbosity), Actor.part("config"));
            }
        } catch (NumberFormatException | HamException e) {
            log.log(Level.ERROR, "ham.verbosity: '" + verbosity + "' is not set: " + e.getMessage());
        }
    }

    /** One wrong turn must not end the thread. */
    private Next look(Reconciler reconciler) {
        try {
            return reconciler.apply();
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "looking at the entity files failed, trying again later", e);
            return Next.LATER;
        }
    }
}
