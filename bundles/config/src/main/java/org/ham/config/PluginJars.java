package org.ham.config;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.ham.spi.OwnBundles;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Installs the jars of the plug-in folder for Felix File Install, which looks at the folder. A jar that does not come up gives way to the
 * last one of its name that did, and the timeline says so. A jar of one of HAM's own bundles is never installed beside the one that
 * runs. Thread-safe.
 */
@Component(service = ArtifactInstaller.class)
public final class PluginJars implements ArtifactInstaller {
    private static final System.Logger LOG = System.getLogger("org.ham.config");
    /** How the names of HAM's own bundles begin. */
    static final String OURS = "org.ham.";

    private static final long LOOK_SECONDS = 5;

    private final BundleContext context;
    private final PluginHealth health;
    private final GoodJars good;
    private final Alarms alarms;
    private final Runnable noMoreHam;

    /** Those in the folder that do not run; what is installed later may be what they lack. */
    private final Set<Path> rejected = new LinkedHashSet<>();

    /** Those that were taken while this process was the Guardian, where components wait for the HAM. */
    private final Set<Path> unjudged = new LinkedHashSet<>();

    /** Those of HAM's own bundles. */
    private final Set<Path> ours = new LinkedHashSet<>();

    private final ScheduledThreadPoolExecutor looks;

    private volatile @Nullable OwnBundles own;
    private volatile boolean closed;

    /** Called by Declarative Services. */
    @Activate
    public PluginJars(BundleContext context, @Reference ServiceComponentRuntime components, @Reference Alarms alarms) {
        this.context = context;
        this.alarms = alarms;
        health = new PluginHealth(components);
        good = new GoodJars(RunDirs.of(context::getProperty, System.getenv()).resolve("plugins"));
        // Its thread ends when there is nothing to look at.
        looks = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-plugin-jars").daemon()::unstarted);
        looks.setKeepAliveTime(LOOK_SECONDS, TimeUnit.SECONDS);
        looks.allowCoreThreadTimeOut(true);
        looks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        noMoreHam = alarms.whenHam(this::lookNow);
        if (alarms.isHam()) {
            lookNow();
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOwn(OwnBundles fresh) {
        own = fresh;
        if (!closed) {
            looks.execute(this::offerAll);
        }
    }

    void unbindOwn(OwnBundles old) {
        if (own == old) {
            own = null;
        }
    }

    private void lookNow() {
        if (!closed) {
            looks.execute(this::look);
        }
    }

    private void lookLater() {
        if (!closed) {
            looks.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Whether what a jar waited for has come meanwhile; and in a new HAM, whether what the Guardian took has come up. */
    private synchronized void look() {
        for (var file : List.copyOf(rejected)) {
            var runs = good.of(file).isEmpty()
                    && bundle(file)
                            .flatMap(bundle -> Optional.of(health.problem(bundle)))
                            .filter(Optional::isEmpty)
                            .isPresent();
            if (runs) {
                rejected.remove(file);
                accept(file);
            }
        }
        if (alarms.isHam()) {
            for (var file : List.copyOf(unjudged)) {
                unjudged.remove(file);
                var problem = bundle(file).flatMap(bundle -> health.start(bundle, true));
                if (problem.isPresent()) {
                    givesWay(file, problem.get());
                } else {
                    accept(file);
                }
            }
        }
        if (!rejected.isEmpty()) {
            lookLater();
        }
    }

    /** Also those that are not there any more, and those that are not whole: they are told of. */
    @Override
    public boolean canHandle(File artifact) {
        return !closed && artifact.getName().endsWith(".jar") && !artifact.isDirectory();
    }

    @Override
    public void install(File artifact) {
        update(artifact);
    }

    @Override
    public synchronized void update(File artifact) {
        var file = artifact.toPath();
        rejected.remove(file);
        if (take(file)) {
            // Perhaps that was what they lacked.
            List.copyOf(rejected).stream().filter(this::take).forEach(rejected::remove);
        }
    }

    @Override
    public synchronized void uninstall(File artifact) throws BundleException {
        var file = artifact.toPath();
        rejected.remove(file);
        unjudged.remove(file);
        var taker = own;
        if (ours.remove(file) && taker != null) {
            taker.withdraw(file);
        }
        var bundle = bundle(file);
        if (bundle.isPresent()) {
            bundle.get().uninstall();
        }
        good.forget(file);
        alarms.tell(source(file), "");
    }

    /** Whether it runs now. */
    private boolean take(Path file) {
        var jar = PluginJar.read(file);
        if (jar.isEmpty()) {
            return givesWay(file, "it is no bundle, or not whole");
        }
        if (isOurs(jar.get())) {
            offer(file, jar.get());
            return false;
        }
        var problem = bring(file, file);
        if (problem.isPresent()) {
            return givesWay(file, "version " + jar.get().version() + ": " + problem.get());
        }
        LOG.log(
                Level.INFO,
                "{0}: {1} {2} runs",
                name(file),
                jar.get().symbolicName(),
                jar.get().version());
        accept(file);
        return true;
    }

    private void accept(Path file) {
        if (alarms.isHam()) {
            good.keep(file);
        } else {
            unjudged.add(file);
        }
        alarms.tell(source(file), "");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String source(Path file) {
        return "plugin:" + name(file);
    }

    /** By the location that File Install knows it by too. */
    private static String location(Path file) {
        return file.toFile().toURI().toString();
    }

    private Optional<Bundle> bundle(Path file) {
        return Optional.ofNullable(context.getBundle(location(file)));
    }

    private boolean isOurs(PluginJar jar) {
        if (jar.symbolicName().startsWith(OURS)) {
            return true;
        }
        for (var bundle : context.getBundles()) {
            if (jar.symbolicName().equals(bundle.getSymbolicName()) && !isPlugin(bundle)) {
                return true;
            }
        }
        return false;
    }

    private boolean isPlugin(Bundle bundle) {
        var folder = context.getProperty("felix.fileinstall.dir");
        return folder != null
                && bundle.getLocation().startsWith(new File(folder).toURI().toString());
    }

    /** Who leads now may not know of them, and whom they were offered to before may not have come to it. */
    private synchronized void offerAll() {
        for (var file : List.copyOf(ours)) {
            PluginJar.read(file).ifPresent(jar -> offer(file, jar));
        }
    }

    private void offer(Path file, PluginJar jar) {
        ours.add(file);
        if (!alarms.isHam()) {
            // It is for the HAM to bring it into use, and for this one when it is the HAM.
            return;
        }
        var taker = own;
        var refusal = taker == null
                ? Optional.of("a new version of HAM comes into use by: ham upgrade")
                : taker.offer(file, jar.symbolicName(), jar.version());
        alarms.tell(
                source(file),
                refusal.map(why -> file + " is not installed: " + jar.symbolicName()
                                + " belongs to HAM itself and runs already; take it away. " + why)
                        .orElse(""));
    }

    /** Installs or updates the bundle of a file from a jar, and starts it; says what is wrong when it does not come up. */
    private Optional<String> bring(Path file, Path jar) {
        try (var content = Files.newInputStream(jar)) {
            var known = bundle(file);
            if (known.isPresent()) {
                known.get().update(content);
            }
            var bundle = known.isPresent() ? known.get() : context.installBundle(location(file), content);
            return health.start(bundle, alarms.isHam());
        } catch (BundleException | IOException | IllegalStateException e) {
            return Optional.of("it does not come up: " + PluginHealth.reason(e));
        }
    }

    private boolean givesWay(Path file, String why) {
        rejected.add(file);
        lookLater();
        var before = good.of(file);
        var texts = new ArrayList<String>();
        texts.add(file + " does not work: " + why + ".");
        if (before.isEmpty()) {
            texts.add("There is no earlier one to go back to; mend it, or take it away");
        } else {
            var problem = bring(file, before.get());
            var version = PluginJar.read(before.get()).map(PluginJar::version).orElse("?");
            texts.add(
                    problem.isEmpty()
                            ? "Version " + version + " runs again; mend the new one, or put the old one back"
                            : "Nor does version " + version + " any more: " + problem.get());
        }
        alarms.tell(source(file), String.join(" ", texts));
        return false;
    }

    @Deactivate
    void close() {
        closed = true;
        noMoreHam.run();
        looks.shutdownNow();
    }
}
