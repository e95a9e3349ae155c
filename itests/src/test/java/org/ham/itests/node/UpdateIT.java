package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntitySpec;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each bundle of the distribution is updated in the running HAM, while entities are killed ten times a second, programs call, and entities
 * beat. {@code -Dham.updates=100} makes the long campaign, {@code -Dham.updates.bundles=org.ham.core,…} names those that it is about.
 */
@Timeout(14_400)
class UpdateIT {
    /** Gogo itself carries the update out, and a new one knows nothing of the line that is under way. */
    private static final Set<String> LEFT_OUT =
            Set.of("org.apache.felix.gogo.runtime", "org.apache.felix.gogo.shell", "org.apache.felix.gogo.command");

    private static final long MILLION = 1_000_000;

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final List<String> entities =
            IntStream.range(0, 5).mapToObj(number -> "e" + number).toList();

    @Test
    void everyBundleIsUpdatedUnderLoad() throws Exception {
        var times = Integer.getInteger("ham.updates", 1);
        entities.forEach(name -> ham.restarted(name, "sleep", "100000"));
        beatsByNotify();
        ham.settings("journal: {keep-segments: 1000}\nguardian: {hang-after: 10s}\n")
                .start();
        var status = ham.awaitMirrored();
        var gogo = new GogoLine(ham);
        var versions = new NewVersions(folder);
        var killing = new Killing(entities);
        var calls = new Calls(HamClient.connect(ClientSettings.of(ham.runDir).named("calls")));
        var heard = HamClient.connect(ClientSettings.of(ham.runDir).named("heard"));
        var journal = Collections.synchronizedList(new ArrayList<Event>());
        var lost = Collections.synchronizedList(new ArrayList<String>());
        heard.subscribe(
                0,
                event -> {
                    journal.add(event);
                    killing.hear(event);
                },
                why -> lost.add(why.getMessage()));
        var busy =
                List.of(programs.start(ham, List.of(), "busy", "one"), programs.start(ham, List.of(), "busy", "two"));
        busy.forEach(program -> program.await("ready"));
        var beating = programs.start(ham, List.of(), "beats", "beating", "100", "20", "50");
        beating.await("ready");
        try (killing;
                calls) {
            killing.begin();
            calls.begin();
            killing.during("nothing");
            pause(2_000);
            for (var name : bundles(versions)) {
                update(gogo, killing, name, versions.build(name, 1));
                var first = usage();
                for (var time = 2; time <= times; time++) {
                    update(gogo, killing, name, versions.build(name, time));
                }
                first.comparedTo(usage(), name, times, () -> leftovers(ham.hamPid()));
            }
        }
        var waits = killing.waits(settled(heard, journal));
        print(waits, times);
        assertThat(lost).as("the subscription").isEmpty();
        assertThat(calls.failures).as("failed calls of " + calls.count).isEmpty();
        for (var program : busy) {
            var said = program.finish();
            assertThat(said).doesNotContainKey("failure").containsEntry("gaps", "0");
            assertThat(said.get("pulses")).isEqualTo(said.get("calls"));
            System.out.println("program: calls " + said.get("calls") + ", pulses " + said.get("pulses"));
        }
        beating.finish();
        check(status, List.copyOf(journal));
        heard.close();
    }

    private void beatsByNotify() throws IOException {
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-notify"))) {
            return;
        }
        var script = ham.conf.resolve("beats.sh");
        Files.writeString(script, """
                systemd-notify --ready
                while sleep 0.3; do systemd-notify WATCHDOG=1; done
                """);
        ham.entity("notifying", """
                start: [bash, "%s"]
                heartbeat: {period: 100ms, low: 30, high: 60}
                """.formatted(script));
    }

    private static List<String> bundles(NewVersions versions) {
        var named = System.getProperty("ham.updates.bundles", "");
        return named.isEmpty()
                ? versions.names().stream()
                        .filter(name -> !LEFT_OUT.contains(name))
                        .toList()
                : List.of(named.split(","));
    }

    /** As an operator does it; over when all is there again. */
    private void update(GogoLine gogo, Killing killing, String name, Path jar) throws InterruptedException {
        var id = gogo.run("lb -s")
                .lines()
                .filter(line -> line.contains("|" + name + " ("))
                .map(line -> line.split("\\|")[0].strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + name));
        killing.during(name);
        // What refreshes the others by itself is a component too, and ends with those who run components.
        var refresh = name.equals("org.apache.felix.scr") ? "; refresh " + id : "";
        gogo.run("update " + id + " file:" + jar + refresh);
        pause(200);
        Awaitility.await("all bundles run after the update of " + name)
                .atMost(HamInstance.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> gogo.run("lb -s")
                        .lines()
                        .filter(line -> line.matches("\\s*\\d+\\|.*"))
                        .allMatch(line -> line.contains("|Active ")));
        pause(300);
        killing.during("nothing");
    }

    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** The journal, once each entity runs again. */
    private List<Event> settled(Ham heard, List<Event> journal) {
        Awaitility.await("all entities run")
                .atMost(HamInstance.PATIENCE)
                .until(() -> entities.stream()
                        .allMatch(name -> heard.find(name)
                                .filter(entity -> entity.status().equals("running"))
                                .flatMap(entity -> entity.pid().stream().boxed().findFirst())
                                .filter(HamInstance::isAlive)
                                .isPresent()));
        var last = heard.tree().seq();
        Awaitility.await("line " + last)
                .atMost(HamInstance.PATIENCE)
                .until(() -> journal.getLast().seq() >= last);
        return List.copyOf(journal);
    }

    private static void print(Map<String, List<Long>> waits, int times) {
        waits.forEach((during, all) -> {
            var sorted = all.stream().sorted().toList();
            System.out.printf(
                    "update of %-45s %d times: %4d deaths waited for their recovery: median %7.1f ms, p99 %7.1f ms, longest %7.1f ms%n",
                    during,
                    times,
                    sorted.size(),
                    (double) sorted.get(sorted.size() / 2) / MILLION,
                    (double) sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)) / MILLION,
                    (double) sorted.getLast() / MILLION);
        });
    }

    private void check(com.google.gson.JsonObject before, List<Event> journal) {
        var now = ham.status();
        for (var role : List.of("ham", "guardian")) {
            assertThat(now.getAsJsonObject(role).get("pid"))
                    .as(role)
                    .isEqualTo(before.getAsJsonObject(role).get("pid"));
        }
        assertThat(now.get("hamFailures").getAsInt()).isZero();
        assertThat(now.get("guardianFailures").getAsInt()).isZero();
        assertThat(now.get("alarm").getAsString()).isEmpty();
        var processes = ham.processesByEntity();
        assertThat(entities).allSatisfy(name -> assertThat(processes).containsEntry(name, 1L));
        assertThat(journal.stream().filter(event -> event.type().startsWith("heartbeat-missed")))
                .as("false alarms")
                .isEmpty();
        assertThat(journal.stream().filter(event -> event.type().equals("action-failed")))
                .as("failed actions")
                .isEmpty();
        assertThat(journal.stream()
                        .filter(event -> event.type().equals("death")
                                && entities.contains(event.entity().orElse("")))
                        .map(event -> event.reason().orElseThrow().toString())
                        .collect(Collectors.toSet()))
                .as("reasons of deaths")
                .hasSize(1)
                .allMatch(reason -> reason.contains("SIGKILL"));
    }

    /** What a process uses that could leak. */
    private record Usage(long descriptors, long threads, long loaders) {
        void comparedTo(Usage later, String name, int times, Supplier<String> leftovers) {
            System.out.println("usage around " + times + " updates of " + name + ": " + this + " then " + later);
            // Some of everything depends on what the clients are just doing.
            assertThat(later.descriptors - descriptors)
                    .as("descriptors, " + name)
                    .isLessThan(20 + times / 5);
            assertThat(later.threads - threads).as("threads, " + name).isLessThan(20 + times / 5);
            assertThat(later.loaders - loaders)
                    .as(() -> "class loaders, " + name + ": " + leftovers.get())
                    .isLessThan(5 + times / 5);
        }
    }

    private Usage usage() {
        var pid = ham.hamPid();
        return new Usage(count("/proc/" + pid + "/fd"), count("/proc/" + pid + "/task"), loaders(pid));
    }

    private static long count(String folder) {
        try (var entries = Files.list(Path.of(folder))) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of bundles that are left after a collection of garbage. */
    private static long loaders(long pid) {
        jcmd(pid, "GC.run");
        return jcmd(pid, "VM.classloader_stats")
                .lines()
                .filter(line -> line.contains("BundleWiringImpl"))
                .count();
    }

    /** Our classes that are there more than once, and how many instances each has. */
    private static String leftovers(long pid) {
        var all = new TreeMap<String, List<String>>();
        jcmd(pid, "GC.class_histogram")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[3].startsWith("org.ham."))
                .forEach(words ->
                        all.computeIfAbsent(words[3], _ -> new ArrayList<>()).add(words[1]));
        all.values().removeIf(counts -> counts.size() < 2);
        return all.toString();
    }

    private static String jcmd(long pid, String command) {
        try {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program that asks for all kinds of things without a pause, and names all kinds of actions. */
    private static final class Calls implements AutoCloseable {
        private final Ham client;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;
        final List<String> failures = Collections.synchronizedList(new ArrayList<>());
        volatile int count;

        Calls(Ham client) {
            this.client = client;
            thread = Thread.ofPlatform().name("calls").unstarted(this::run);
        }

        void begin() {
            thread.start();
        }

        private void run() {
            try {
                while (!over.await(10, TimeUnit.MILLISECONDS)) {
                    attempt(
                            "attach",
                            () -> client.attach(EntitySpec.placeholder("board").with(List.of(condition()))));
                    attempt("state", () -> client.reportState(client.entity("board"), 1));
                    attempt("tree", client::tree);
                    attempt("status", client::status);
                    attempt("detach", () -> client.detach(client.entity("board")));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private static ConditionSpec condition() {
            var actions = List.of(
                    action("log", Map.of("message", "hello")),
                    action("execute", Map.of("command", "/bin/true")),
                    action("waitfor", Map.of("delay", "1ms")),
                    action(
                            "notify-signal",
                            Map.of(
                                    "signal",
                                    "SIGCONT",
                                    "pid",
                                    ProcessHandle.current().pid())),
                    action("notify-pulse", Map.of("pid", ProcessHandle.current().pid())),
                    action("heartbeat-healthy", Map.of()));
            return ConditionSpec.of("gone", ConditionType.HEARTBEAT_MISSED_HIGH, Set.of(ConditionFlag.REARM))
                    .with(actions);
        }

        private static ActionSpec action(String type, Map<String, Object> parameters) {
            return new ActionSpec(type, type, parameters, Set.of(ActionFlag.REARM), List.of());
        }

        private void attempt(String what, Runnable call) {
            try {
                call.run();
            } catch (HamException e) {
                failures.add(what + " " + count + ": " + e.code() + ": " + e.getMessage());
            }
            count++;
        }

        @Override
        public void close() {
            over.countDown();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            client.close();
        }
    }
}
