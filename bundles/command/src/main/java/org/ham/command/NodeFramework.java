package org.ham.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;

/** The OSGi framework of a node with the distribution's bundles. Thread-safe. */
final class NodeFramework {
    private static final Logger LOG = System.getLogger(NodeFramework.class.getName());
    private static final String ORDERLY_STOP = "(ham.stop=true)";

    private final NodeSettings settings;
    private final NodeFolder folder;
    private final Framework framework;
    private final AtomicBoolean stopping = new AtomicBoolean();

    NodeFramework(NodeSettings settings, NodeFolder folder) {
        this.settings = settings;
        this.folder = folder;
        framework = new FrameworkFactory().newFramework(configuration());
    }

    private Map<String, String> configuration() {
        var configuration = new HashMap<>(settings.properties());
        configuration.put(Constants.FRAMEWORK_STORAGE, folder.storage().toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // What is on the class path is for this main class; bundles find what they import.
        configuration.put("felix.bootdelegation.implicit", "false");
        // Without a terminal the shell of Gogo would end the framework.
        configuration.put("gosh.args", "--noi");
        pluginFolder().ifPresent(plugins -> {
            configuration.put("felix.fileinstall.dir", plugins.toString());
            configuration.put(
                    "felix.fileinstall.tmpdir",
                    folder.storage().resolve("fileinstall").toString());
            configuration.put("felix.fileinstall.filter", ".*\\.(jar|cfg|config)");
            // Changes wake it (see the config bundle); this is for what no event tells of, such as a network folder.
            configuration.put("felix.fileinstall.poll", "30000");
            configuration.put("felix.fileinstall.noInitialDelay", "true");
            configuration.put("felix.fileinstall.enableConfigSave", "false");
            configuration.put("felix.fileinstall.log.level", "2");
        });
        return configuration;
    }

    private Optional<Path> pluginFolder() {
        return settings.conf().map(conf -> conf.resolve("plugins")).filter(NodeFramework::isThere);
    }

    private static boolean isThere(Path plugins) {
        try {
            Files.createDirectories(plugins);
            return true;
        } catch (IOException e) {
            LOG.log(Level.INFO, "No plug-in folder {0}: {1}", plugins, e.getMessage());
            return false;
        }
    }

    /** Starts the framework and all bundles; a bundle that does not start is reported and left out. */
    void start() throws BundleException {
        try {
            startAll();
        } catch (BundleException | IllegalStateException e) {
            // Stopped while it started is as good as stopped later.
            if (!isEnding()) {
                throw e;
            }
        }
    }

    private boolean isEnding() {
        return (framework.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0;
    }

    private void startAll() throws BundleException {
        framework.init();
        if (stopping.get()) {
            framework.stop();
            return;
        }
        var context = framework.getBundleContext();
        var bundles = new ArrayList<Bundle>();
        for (var jar : jars()) {
            if (pluginFolder().isPresent() || !jar.getFileName().toString().contains("fileinstall")) {
                bundles.add(context.installBundle("reference:" + jar.toUri()));
            }
        }
        framework.start();
        // Libraries before those that use them: then no component comes up twice.
        bundles.sort(Comparator.comparing(NodeFramework::turn));
        // A core that leads early waits for actions whose bundles have not had their turn; nobody else could tell it.
        System.setProperty("ham.node.starts", "true");
        try {
            bundles.forEach(this::start);
        } finally {
            System.clearProperty("ham.node.starts");
        }
    }

    private List<Path> jars() {
        try (var files = Files.newDirectoryStream(settings.home().resolve("bundles"), "*.jar")) {
            var jars = new ArrayList<Path>();
            files.forEach(jars::add);
            jars.sort(Comparator.naturalOrder());
            return OwnBundles.inPlace(
                    jars, OwnBundles.given(settings.properties().getOrDefault(OwnBundles.PROPERTY, "")));
        } catch (IOException e) {
            throw new UncheckedIOException("the distribution has no readable folder of bundles", e);
        }
    }

    /** What installs plug-ins is there before File Install looks at their folder. */
    private static int turn(Bundle bundle) {
        return switch (bundle.getSymbolicName()) {
            case "org.ham.config" -> 1;
            case "org.apache.felix.fileinstall" -> 2;
            case String name when name.startsWith("org.ham.") -> 3;
            default -> 0;
        };
    }

    private void start(Bundle bundle) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            bundle.start();
        } catch (BundleException | IllegalStateException e) {
            if (!isEnding()) {
                LOG.log(Level.ERROR, "Bundle " + bundle.getSymbolicName() + " does not start", e);
            }
        }
    }

    /** Waits until the framework is stopped. */
    void await() throws InterruptedException {
        while (framework.waitForStop(0).getType() == FrameworkEvent.STOPPED_UPDATE) {
            LOG.log(Level.INFO, "The framework was updated and goes on");
        }
    }

    /** Stops this node: the HAM with its Guardian and a record of it, a Guardian just itself. Returns at once. */
    void stopInOrder() {
        if (stopping.compareAndSet(false, true)) {
            Thread.ofPlatform().name("ham-stop").start(this::stop);
        }
    }

    private void stop() {
        try {
            var context = framework.getBundleContext();
            if (context == null) {
                // It has not begun yet, and does not begin any more.
                return;
            }
            var stops = context.getServiceReferences(Runnable.class, ORDERLY_STOP);
            var stop =
                    stops.isEmpty() ? null : context.getService(stops.iterator().next());
            if (stop != null) {
                stop.run();
                return;
            }
        } catch (InvalidSyntaxException | RuntimeException e) {
            LOG.log(Level.ERROR, "HAM could not be stopped in order; stopping the framework", e);
        }
        try {
            framework.stop();
        } catch (BundleException e) {
            LOG.log(Level.ERROR, "The framework does not stop", e);
        }
    }
}
