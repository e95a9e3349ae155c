package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

/**
 * What goes on while HAM is changed under it: entities are killed ten times a second and their lists run, programs call without a pause and get pulses, entities
 * beat in both ways, and somebody follows the journal. At the end it is looked whether anybody noticed. Confined to the test's thread.
 */
final class Load {
    private static final long MILLION = 1_000_000;

    private final HamInstance ham;
    private final Programs programs;
    private final DeathLists lists;
    private final Killing killing = new Killing(DeathLists.ENTITIES);
    private final Doings doings = new Doings();
    private final Repeats repeats = new Repeats(doings);
    private final Sendings sendings = new Sendings();
    private final List<Event> journal = Collections.synchronizedList(new ArrayList<>());
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
    private final List<Programs.Running> busy = new ArrayList<>();
    private final List<Programs.Running> beating = new ArrayList<>();
    private final List<Calls> calls = new ArrayList<>();
    private final List<Ham> followers = new ArrayList<>();
    private final Map<String, Long> deaths = new ConcurrentHashMap<>();
    private final List<String> beats = new ArrayList<>(List.of("beating"));

    /** Once this file is there, the one that notifies does so no more. */
    private final Path silent;

    private volatile long lastHeard;

    /** The latest death whose entity was started again. */
    private volatile long recovered;

    Load(HamInstance ham, Programs programs) {
        this.ham = ham;
        this.programs = programs;
        lists = new DeathLists(ham);
        silent = ham.conf.resolve("silent");
    }

    /** Writes the configuration, with more settings of the Guardian in the form of the file. */
    Load prepare(String... guardian) throws IOException {
        beatsByNotify();
        var all = new ArrayList<>(List.of("hang-after: 10s"));
        all.addAll(List.of(guardian));
        ham.settings("journal: {keep-segments: 1000}\nguardian: {" + String.join(", ", all) + "}\n");
        return this;
    }

    private void beatsByNotify() throws IOException {
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-notify"))) {
            return;
        }
        var script = ham.conf.resolve("beats.sh");
        Files.writeString(script, """
                systemd-notify --ready
                while sleep 0.3; do [ -e "%s" ] || systemd-notify WATCHDOG=1; done
                """.formatted(silent));
        beats.add("notifying");
        ham.entity("notifying", """
                start: [bash, "%s"]
                heartbeat: {period: 100ms, low: 100, high: 200}
                """.formatted(script));
    }

    /** All of it begins, over a HAM that runs. */
    void begin() throws InterruptedException {
        var heard = HamClient.connect(ClientSettings.of(ham.runDir).named("heard"));
        followers.add(heard);
        heard.subscribe(
                0,
                event -> {
                    hear(event);
                },
                why -> lost.add(why.getMessage()));
        busy.add(programs.start(ham, List.of(), "busy", "one"));
        busy.add(programs.start(ham, List.of(), "busy", "two"));
        busy.forEach(program -> program.await("ready"));
        beating.add(programs.start(ham, List.of(), "beats", "beating", "100", "100", "200"));
        beating.getFirst().await("ready");
        calls.add(new Calls(HamClient.connect(ClientSettings.of(ham.runDir).named("calls"))));
        killing.begin();
        calls.getFirst().begin();
        during("nothing");
        TimeUnit.SECONDS.sleep(2);
    }

    private void hear(Event event) {
        killing.hear(event);
        repeats.hear(event);
        var entity = event.entity().orElse("");
        if (entity.endsWith("-board")) {
            sendings.hear(event);
        }
        // What programs ask for is too much to keep through a long campaign.
        if (!entity.endsWith("board") || event.type().equals("action-failed")) {
            journal.add(event);
        }
        if (event.type().equals("death")) {
            deaths.put(entity, event.seq());
        } else if (event.type().equals("restarted")) {
            recovered = Math.max(recovered, deaths.getOrDefault(entity, 0L));
        }
        lastHeard = event.seq();
    }

    /** From now on this is done. */
    void during(String what) {
        doings.now(what);
        killing.during(what);
    }

    /** How many lines of a type there were since it began. */
    long count(String type) {
        return List.copyOf(journal).stream()
                .filter(event -> event.type().equals(type))
                .count();
    }

    /** Waits for one more of them than there were. */
    void awaitMore(String type, long before) {
        Awaitility.await(type).atMost(HamInstance.PATIENCE.multipliedBy(2)).until(() -> count(type) > before);
    }

    /** Waits until one that died from now on is started again. */
    void awaitRecovery() {
        var now = followers.getFirst().tree().seq();
        Awaitility.await("a recovery after line " + now)
                .atMost(HamInstance.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> recovered > now);
    }

    /** Ends all of it, prints how long deaths waited, and sees that nobody has noticed anything. */
    void end(String what, int times) throws IOException {
        killing.close();
        calls.forEach(Calls::close);
        var lines = settled();
        print(what, killing.waits(lines, DeathLists.PLAIN), times);
        assertThat(lost).as("the subscription").isEmpty();
        assertThat(calls)
                .allSatisfy(one -> assertThat(one.failures)
                        .as("failed calls of " + one.count)
                        .isEmpty());
        for (var program : busy) {
            var said = program.finish();
            assertThat(said).doesNotContainKey("failure").containsEntry("gaps", "0");
            assertThat(said.get("pulses")).isEqualTo(said.get("calls"));
            var again =
                    said.getOrDefault("again", "").lines().map(Long::valueOf).toList();
            System.out.println("program: calls " + said.get("calls") + ", pulses " + said.get("pulses")
                    + ", of these twice " + repeats.explain(sendings.of(again)));
        }
        lists.check(lines, repeats);
        check(List.copyOf(journal));
        silenceIsMissed();
        beating.forEach(program -> program.finish());
        followers.forEach(Ham::close);
    }

    /** Those that beat fall silent: as nobody was accused, it has to be seen that somebody listened, to those of long ago as well. */
    private void silenceIsMissed() throws IOException {
        Files.createFile(silent);
        beating.forEach(program -> program.tell("silent"));
        Awaitility.await("missed: " + beats)
                .atMost(HamInstance.PATIENCE)
                .until(() -> List.copyOf(journal).stream()
                        .filter(event -> event.type().equals("heartbeat-missed-low"))
                        .map(event -> event.entity().orElse(""))
                        .collect(Collectors.toSet())
                        .containsAll(beats));
    }

    /** The journal, once each entity runs again and all that its death has brought about is over. */
    private List<Event> settled() {
        var heard = followers.getFirst();
        Awaitility.await("all entities run")
                .atMost(HamInstance.PATIENCE)
                .until(() -> DeathLists.ENTITIES.stream()
                        .allMatch(name -> heard.find(name)
                                .filter(entity -> entity.status().equals("running"))
                                .flatMap(entity -> entity.pid().stream().boxed().findFirst())
                                .filter(HamInstance::isAlive)
                                .isPresent()));
        var last = heard.tree().seq();
        Awaitility.await("line " + last).atMost(HamInstance.PATIENCE).until(() -> lastHeard >= last);
        // One that failed is not in the lists after it any more.
        assertThat(List.copyOf(journal).stream().filter(event -> event.type().equals("action-failed")))
                .as("failed actions")
                .isEmpty();
        Awaitility.await("all lists are over")
                .atMost(HamInstance.PATIENCE)
                .untilAsserted(() ->
                        assertThat(DeathLists.unfinished(List.copyOf(journal))).isEmpty());
        return List.copyOf(journal);
    }

    private static void print(String what, Map<String, List<Long>> waits, int times) {
        waits.forEach((during, all) -> {
            var sorted = all.stream().sorted().toList();
            System.out.printf(
                    "%s %-45s %d times: %4d deaths waited for their recovery: median %7.1f ms, p99 %7.1f ms, longest %7.1f ms%n",
                    what,
                    during,
                    times,
                    sorted.size(),
                    (double) sorted.get(sorted.size() / 2) / MILLION,
                    (double) sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)) / MILLION,
                    (double) sorted.getLast() / MILLION);
        });
    }

    private void check(List<Event> lines) {
        var now = ham.status();
        assertThat(now.get("hamFailures").getAsInt()).isZero();
        assertThat(now.get("guardianFailures").getAsInt()).isZero();
        assertThat(now.get("alarm").getAsString()).isEmpty();
        var processes = ham.processesByEntity();
        assertThat(DeathLists.ENTITIES).allSatisfy(name -> assertThat(processes).containsEntry(name, 1L));
        assertThat(lines.stream().filter(event -> event.type().startsWith("heartbeat-missed")))
                .as("false alarms")
                .isEmpty();
        var reasons = lines.stream()
                .filter(event -> event.type().equals("death")
                        && DeathLists.ENTITIES.contains(event.entity().orElse("")))
                .map(event -> event.reason().orElseThrow().toString())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        System.out.println("reasons of deaths: " + reasons);
        // One that the bundle of the operating system was the last to know of goes with it, and is never guessed.
        assertThat(reasons.keySet()).allMatch(reason -> reason.contains("SIGKILL") || reason.contains("did not tell"));
    }

    /** A program that asks for all kinds of things without a pause, and names all kinds of actions, which are not to run. */
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
