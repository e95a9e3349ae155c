package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.spi.Mirror;
import org.ham.spi.OwnBundles;
import org.ham.spi.Upgrades;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Has newer bundles of HAM's own, which somebody dropped into the plug-in folder, run in place of the distribution's: by an upgrade to
 * the same distribution, whose nodes take them. What comes together goes together. Thread-safe.
 */
@Component(service = OwnBundles.class)
public final class DroppedBundles implements OwnBundles {
    private static final Logger LOG = System.getLogger(DroppedBundles.class.getName());

    /** Those that run, as the node was told by whoever started it. */
    static final String RUNNING = "ham.bundles.own";

    /** The source of the alarm that one did not come up. */
    static final String ALARM = "plugins";

    private static final Actor ACTOR = Actor.part("plugins");
    private static final Duration GATHER = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final BundleContext context;
    private final Role role;
    private final Mirror mirror;
    private final Upgrades upgrades;
    private final Rejects rejects;
    private final Errands errands =
            new Errands("ham-dropped-bundles", Threads.REAL, LOG, "Could not bring a dropped bundle into use");
    private final Set<Path> dropped = new LinkedHashSet<>();
    private boolean withdrawn;
    private boolean scheduled;

    /** There while this process is the HAM. */
    @Activate
    public DroppedBundles(
            BundleContext context, @Reference Role role, @Reference Mirror mirror, @Reference Upgrades upgrades) {
        this.context = context;
        this.role = role;
        this.mirror = mirror;
        this.upgrades = upgrades;
        rejects = Rejects.in(role.runDir());
    }

    @Override
    public Optional<String> offer(Path jar, String symbolicName, String version) {
        try {
            Distribution.of(role.settings().command());
            var name = rejects.name(List.of(jar)).getFirst();
            if (isRunning(context, name)) {
                return Optional.empty();
            }
            if (rejects.has(name)) {
                return Optional.of("It did not come up before; drop a mended one.");
            }
            var running = running(symbolicName).filter(one -> one.compareTo(Version.parseVersion(version)) > 0);
            if (running.isPresent()) {
                return Optional.of("Version " + version + " is older than the one that runs, " + running.get() + ".");
            }
        } catch (HamException | IOException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        synchronized (this) {
            dropped.add(jar);
        }
        later(GATHER);
        return Optional.empty();
    }

    @Override
    public void withdraw(Path jar) {
        if (rejects.forget(jar)) {
            mirror.alarm(ALARM, "");
        }
        synchronized (this) {
            dropped.remove(jar);
            if (copies(context).noneMatch(copy -> copy.endsWith("-" + jar.getFileName()))) {
                return;
            }
            withdrawn = true;
        }
        later(GATHER);
    }

    /** Whether a jar of that name runs in this node. */
    static boolean isRunning(BundleContext context, String name) {
        var digest = name.substring(0, Rejects.DIGEST_SHOWN);
        return copies(context).anyMatch(copy -> copy.contains("/" + digest + "-"));
    }

    private static Stream<String> copies(BundleContext context) {
        return Stream.of(String.valueOf(context.getProperty(RUNNING)).split(":"));
    }

    private Optional<Version> running(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .map(bundle -> bundle.getVersion())
                .findFirst();
    }

    private synchronized void later(Duration pause) {
        if (!scheduled) {
            scheduled = true;
            errands.later(pause, this::attempt);
        }
    }

    private void attempt() {
        List<Path> jars;
        synchronized (this) {
            scheduled = false;
            dropped.removeIf(jar -> !Files.exists(jar));
            jars = List.copyOf(dropped);
            if (jars.isEmpty() && !withdrawn) {
                return;
            }
        }
        try {
            upgrades.begin(Distribution.of(role.settings().command()).home(), Optional.empty(), jars, ACTOR);
            synchronized (this) {
                jars.forEach(dropped::remove);
                withdrawn = false;
            }
        } catch (HamException e) {
            // Another one is under way, or there is no Guardian that is ready: both pass.
            LOG.log(e.code() == Code.EXISTS ? Level.DEBUG : Level.INFO, "Trying again: {0}", e.getMessage());
            later(AGAIN);
        }
    }

    @Deactivate
    void close() {
        errands.end(Limits.DEFAULT.stop());
    }
}
