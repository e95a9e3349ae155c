package org.ham.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.ham.api.HamException;
import org.ham.spi.Primary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

class ConfigTest {
    private final RecordingHam ham = new RecordingHam();
    private final RecordingMirror mirror = new RecordingMirror();
    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    private Path folder;

    private Config config = config(Primary.Reason.STARTED);

    @BeforeEach
    void configure() throws IOException {
        properties.put("ham.conf.dir", folder.resolve("conf").toString());
        properties.put(
                "ham.run.dir", Files.createDirectory(folder.resolve("run")).toString());
    }

    @AfterEach
    void stop() {
        config.stop();
    }

    private void run(Primary.Reason reason) {
        config = config(reason);
        config.start();
    }

    private Config config(Primary.Reason reason) {
        var context = (BundleContext) Proxy.newProxyInstance(
                ConfigTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (_, _, arguments) -> properties.get(String.valueOf(arguments[0])));
        return new Config(
                context,
                ham,
                new Primary() {
                    @Override
                    public Reason reason() {
                        return reason;
                    }

                    @Override
                    public long predecessor() {
                        return 0;
                    }
                },
                mirror,
                new RecordingHost());
    }

    private void write(String file, String text) throws IOException {
        var path = folder.resolve("conf/entities").resolve(file);
        Files.createDirectories(folder.resolve("conf/entities"));
        var fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void eventually(ThrowingRunnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(check);
    }

    @Test
    void readsTheFilesAtTheStart() throws Exception {
        write("web.yaml", "{entity: web, start: [one]}");
        run(Primary.Reason.STARTED);

        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web"));
    }

    @Test
    void followsFilesThatComeChangeAndGo() throws Exception {
        write("web.yaml", "{entity: web, start: [one]}");
        run(Primary.Reason.STARTED);
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web"));

        write("db.yaml", "{entity: db, start: [one]}");
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web", "db"));

        Files.writeString(folder.resolve("conf/entities/db.yaml"), "{entity: cache, start: [one]}");
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web", "cache"));

        Files.delete(folder.resolve("conf/entities/web.yaml"));
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("cache"));
    }

    @Test
    void seesAFolderThatIsMadeLaterAndMadeAnew() throws Exception {
        run(Primary.Reason.STARTED);
        write("web.yaml", "{entity: web, start: [one]}");
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web"));

        Files.move(folder.resolve("conf"), folder.resolve("away"));
        eventually(() -> assertThat(mirror.alarms()).containsKey("config:entities"));

        write("db.yaml", "{entity: db, start: [one]}");
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("db"));
        assertThat(mirror.alarms()).isEmpty();
        write("more.yaml", "{entity: more, start: [one]}");
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("db", "more"));
    }

    @Test
    void triesAgainWhenAPlugInArrives() throws Exception {
        ham.refuse("web", new HamException(HamException.Code.INVALID, "unknown action type 'page'"));
        write("web.yaml", "{entity: web, start: [one]}");
        run(Primary.Reason.STARTED);
        eventually(() -> assertThat(mirror.alarms()).containsKey("config:web.yaml"));

        ham.accept("web");
        config.addActionType(plugin());
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("web"));
        eventually(() -> assertThat(mirror.alarms()).isEmpty());
    }

    private static ServiceReference<?> plugin() {
        return (ServiceReference<?>) Proxy.newProxyInstance(
                ConfigTest.class.getClassLoader(), new Class<?>[] {ServiceReference.class}, (_, _, _) -> null);
    }

    @Test
    void declaresOnlyWhatChangedAfterATakeover() throws Exception {
        write("a.yaml", "{entity: a, start: [one]}");
        write("b.yaml", "{entity: b, start: [one]}");
        run(Primary.Reason.STARTED);
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("a", "b"));
        awaitLedger("b");
        config.stop();
        ham.calls();

        ham.reignSince("the takeover");
        write("b.yaml", "{entity: b, start: [two]}");
        run(Primary.Reason.TOOK_OVER);
        eventually(() -> assertThat(ham.calls()).containsExactly("config declares b"));
    }

    @Test
    void declaresEverythingWhenTheHamWasStarted() throws Exception {
        properties.put("ham.verbosity", "2");
        write("a.yaml", "{entity: a, start: [one]}");
        run(Primary.Reason.STARTED);
        eventually(() -> assertThat(ham.entities()).containsOnlyKeys("a"));
        awaitLedger("a");
        config.stop();
        assertThat(ham.calls()).containsExactly("config sets verbosity 2", "config declares a");

        ham.reignSince("the next start");
        run(Primary.Reason.STARTED);
        var calls = new ArrayList<String>();
        eventually(() -> {
            calls.addAll(ham.calls());
            assertThat(calls).containsExactly("config sets verbosity 2", "config declares a");
        });
    }

    private void awaitLedger(String entity) {
        eventually(() ->
                assertThat(folder.resolve("run/config-entities")).content().contains("entity\t" + entity + "\t"));
    }

    @Test
    void doesNothingWithoutAConfigurationFolder() {
        properties.remove("ham.conf.dir");
        run(Primary.Reason.STARTED);
        config.stop();

        assertThat(ham.calls()).isEmpty();
    }
}
