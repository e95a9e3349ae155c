package org.ham.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** Starts a framework on the bundles exactly as they are shipped: what does not resolve fails the build and not a start. */
class BundlesResolveTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Framework framework;
    private BundleContext context;

    @BeforeEach
    void startAllBundles() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("storage").toString(),
                        "felix.bootdelegation.implicit",
                        "false",
                        "gosh.args",
                        "--noi",
                        "felix.fileinstall.dir",
                        Files.createDirectory(folder.resolve("plugins")).toString(),
                        "ham.run.dir",
                        folder.resolve("run").toString()));
        framework.start();
        context = framework.getBundleContext();
        for (var jar : jars()) {
            context.installBundle("reference:" + jar.toUri());
        }
        for (var bundle : context.getBundles()) {
            bundle.start();
        }
    }

    private static List<Path> jars() throws IOException {
        var bundles = Path.of(System.getProperty("ham.dist"), "bundles");
        var jars = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(bundles, "*.jar")) {
            files.forEach(jars::add);
        }
        assertThat(jars).as("bundles in " + bundles).hasSizeGreaterThan(15);
        return jars;
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(LIMIT.toMillis());
    }

    @Test
    void everyBundleIsActiveAndEveryComponentSatisfied() {
        assertThat(context.getBundles())
                .allSatisfy(bundle -> assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(Bundle.ACTIVE));
        Awaitility.await("the Ham service")
                .atMost(LIMIT)
                .until(() -> !services("org.ham.api.Ham").isEmpty());
        Awaitility.await("all components satisfied")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(unsatisfied()).isEmpty());
    }

    @Test
    void withoutGogoTheCommandsAreServedAllTheSame() throws Exception {
        for (var bundle : context.getBundles()) {
            if (bundle.getSymbolicName().startsWith("org.apache.felix.gogo.")) {
                bundle.uninstall();
            }
        }
        var refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, _ -> refreshed.countDown());
        assertThat(refreshed.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(context.getBundles())
                .filteredOn(bundle -> bundle.getSymbolicName().startsWith("org.ham."))
                .allSatisfy(bundle -> assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(Bundle.ACTIVE));
        Awaitility.await("shell.sock").atMost(LIMIT).until(() -> Files.exists(folder.resolve("run/shell.sock")));
    }

    @Test
    void oursExportOnlyWhatOthersBuildOn() {
        for (var bundle : context.getBundles()) {
            var exports = bundle.getHeaders("").get(Constants.EXPORT_PACKAGE);
            if (bundle.getSymbolicName().startsWith("org.ham.") && exports != null) {
                assertThat(bundle.getSymbolicName())
                        .isIn(
                                "org.ham.api",
                                "org.ham.linux",
                                "org.ham.journal",
                                "org.ham.client",
                                "org.ham.recovery",
                                "org.ham.recovery.ham",
                                "org.ham.recovery.osgi");
            }
        }
    }

    /** All of them, also those whose type this class path has too and which are therefore not the same type. */
    private List<ServiceReference<?>> services(String type) throws InvalidSyntaxException {
        var references = context.getAllServiceReferences(type, null);
        return references == null ? List.of() : List.of(references);
    }

    /** Asks Declarative Services by reflection: its types in the framework are not those of this class path. */
    private List<String> unsatisfied() throws ReflectiveOperationException, InvalidSyntaxException {
        var runtime = context.getService(services("org.osgi.service.component.runtime.ServiceComponentRuntime")
                .getFirst());
        var described = runtime.getClass().getMethod("getComponentDescriptionDTOs", Bundle[].class);
        var found = new ArrayList<String>();
        var descriptions = (Collection<?>) described.invoke(runtime, (Object) new Bundle[0]);
        assertThat(descriptions).as("components").hasSizeGreaterThan(15);
        for (var description : descriptions) {
            var configured = runtime.getClass().getMethod("getComponentConfigurationDTOs", description.getClass());
            for (var configuration : (Collection<?>) configured.invoke(runtime, description)) {
                var missing = (Object[]) field(configuration, "unsatisfiedReferences");
                for (var one : missing) {
                    found.add(field(description, "name") + " lacks " + field(one, "name"));
                }
                if (field(configuration, "failure") != null) {
                    found.add(field(description, "name") + " failed: " + field(configuration, "failure"));
                }
            }
        }
        return found;
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }
}
