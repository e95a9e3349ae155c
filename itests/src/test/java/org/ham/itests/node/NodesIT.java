package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.itests.node.HamInstance.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Pulse;
import org.ham.api.Raise;
import org.ham.api.StartSpec;
import org.ham.client.ClientSettings;
import org.ham.client.HamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two HAMs of the real distribution know each other; programs at {@code alpha} use the HAM of {@code beta}. */
@Timeout(600)
class NodesIT {
    @RegisterExtension
    static final Pki PKI = new Pki()
            .authority("ca")
            .node("alpha", "ca")
            .node("beta", "ca")
            .authority("other")
            .node("eve", "other");

    @RegisterExtension
    final HamInstance alpha = new HamInstance();

    @RegisterExtension
    final HamInstance beta = new HamInstance();

    private void startBoth(String rights) {
        startBoth("alpha", rights, "alpha", "ca");
    }

    /** @param knows whom beta lets in */
    private void startBoth(String knows, String rights, String shows, String authority) {
        PKI.give(beta, "beta", "ca", "listen: 127.0.0.1:0\nknown: {" + knows + ": {rights: " + rights + "}}")
                .start();
        var listen = beta.runDir.resolve("nodes/listen");
        Awaitility.await().atMost(HamInstance.PATIENCE).until(() -> Files.exists(listen));
        try {
            PKI.give(
                            alpha,
                            shows,
                            authority,
                            "known: {beta: {address: \""
                                    + Files.readString(listen).strip() + "\"}}")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> Files.exists(alpha.runDir.resolve("nodes/beta.sock")));
    }

    private Ham far() {
        return HamClient.connect(ClientSettings.of(alpha.runDir)
                .node("beta")
                .within(HamInstance.PATIENCE)
                .connectWithin(HamInstance.PATIENCE));
    }

    private static void refused(Code code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(HamException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(((HamException) e).code()).isEqualTo(code));
    }

    @Test
    void aProgramAttachesObservesAndDetachesOnAnotherNode() {
        startBoth("all");
        var seen = new CopyOnWriteArrayList<Event>();
        try (var far = far()) {
            assertThat(far.status().hamPid()).isEqualTo(beta.hamPid());
            far.subscribe(0, seen::add, _ -> {});
            var nap = far.attach(EntitySpec.started("nap", StartSpec.of(List.of("sleep", "100000"))));
            assertThat(far.entity("nap")).isEqualTo(nap);
            assertThat(beta.entities()).containsKey("nap");
            assertThat(alpha.entities()).isEmpty();
            far.raise(nap, new Raise(1, 2, 3));
            Awaitility.await()
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> seen.stream().anyMatch(event -> event.type().equals("raise")));
            assertThat(beta.events("raise"))
                    .singleElement()
                    .satisfies(event -> assertThat(
                                    event.getAsJsonObject("actor").get("name").getAsString())
                            .isEqualTo("node alpha"));
            refused(Code.INVALID, "at the HAM of its own node", () -> far.attachSelf("me", Optional.empty(), Set.of()));
            refused(Code.INVALID, "at the HAM of its own node", () -> far.openChannel(_ -> {}));
            refused(Code.EXISTS, "nap", () -> far.attach(EntitySpec.placeholder("nap")));
            far.detach(nap);
            assertThat(beta.entities()).isEmpty();
        }
        assertThat(seen.stream().mapToLong(Event::seq).toArray())
                .isEqualTo(LongStream.rangeClosed(
                                seen.getFirst().seq(), seen.getLast().seq())
                        .toArray());
    }

    @Test
    void takeoversOnEitherNodeLoseNoCallAndNoLine() {
        startBoth("all");
        var seen = new CopyOnWriteArrayList<Event>();
        try (var far = far()) {
            far.subscribe(0, seen::add, _ -> {});
            var web = far.attach(EntitySpec.placeholder("web"));
            for (var i = 0; i < 2; i++) {
                for (var node : List.of(beta, alpha)) {
                    var pid = node.awaitMirrored()
                            .getAsJsonObject("ham")
                            .get("pid")
                            .getAsLong();
                    kill(pid, "KILL");
                    far.raise(web, new Raise(1, 2, seen.size()));
                    node.awaitMirrored(pid);
                }
            }
            far.raise(web, new Raise(9, 9, 9));
            Awaitility.await()
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> seen.stream()
                                    .filter(event -> event.type().equals("raise"))
                                    .count()
                            == 5);
        }
        assertThat(beta.events("raise")).as("each once").hasSize(5);
        assertThat(seen.stream().mapToLong(Event::seq).toArray())
                .isEqualTo(LongStream.rangeClosed(
                                seen.getFirst().seq(), seen.getLast().seq())
                        .toArray());
    }

    @Test
    void aProgramStopsAnotherNode() {
        startBoth("all");
        var pids = List.of(
                beta.hamPid(),
                beta.awaitMirrored().getAsJsonObject("guardian").get("pid").getAsLong());
        try (var far = far()) {
            far.stop();
        }
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> pids.stream().noneMatch(HamInstance::isAlive));
        assertThat(alpha.status().getAsJsonObject("ham").get("pid").getAsLong()).isPositive();
    }

    @Test
    void commandsGoToAnotherNode() {
        startBoth("all");
        assertThat(alpha.ok("--node", "beta", "attach", "nap", "--", "sleep", "100000"))
                .startsWith("attached nap, pid " + beta.pid("nap"));
        assertThat(alpha.ok("tree", "--node", "beta")).contains("nap");
        assertThat(alpha.ok("tree")).doesNotContain("nap");
        alpha.ok("--node=beta", "condition", "add", "nap", "died", "death", "rearm");
        alpha.ok("--node", "beta", "action", "add", "nap/died", "say", "log", "message=dead");
        alpha.ok("--node", "beta", "verbose", "3");
        assertThat(alpha.ok("--node", "beta", "info", "nap/died")).contains("CONDDEATH");
        assertThat(alpha.ok("--node", "beta", "events", "--json", "--limit", "1"))
                .contains("\"type\":\"verbosity\"");
        assertThat(beta.events("verbosity")
                        .getLast()
                        .getAsJsonObject("actor")
                        .get("name")
                        .getAsString())
                .isEqualTo("node alpha");
        alpha.refused(1, "no entity 'nowhere'", "--node", "beta", "detach", "nowhere");
        alpha.refused(1, "unknown condition type", "--node", "beta", "condition", "add", "nap", "x", "deth");
        alpha.refused(1, "'run' works on this machine only", "--node", "beta", "run");
        alpha.refused(3, "knows no node 'gamma' with an address; known are: beta", "--node", "gamma", "tree");
        assertThat(alpha.ok("--node", "beta", "stop")).contains("stopping");
        // It answers until it is gone, and may go while it answers.
        Awaitility.await("the end of beta")
                .atMost(HamInstance.PATIENCE)
                .untilAsserted(() -> alpha.refused(3, "node beta at 127.0.0.1:", "--node", "beta", "tree"));
    }

    @Test
    void actionsSendPulsesAndSignalsToProcessesOnAnotherNode() throws Exception {
        startBoth("notify");
        var target = new ProcessBuilder("sleep", "100000").start();
        var pulses = new LinkedBlockingQueue<Pulse>();
        try (var local = HamClient.connect(ClientSettings.of(beta.runDir));
                var channel = local.openChannel(pulses::add)) {
            alpha.ok("attach", "web", "--placeholder");
            alpha.ok("condition", "add", "web", "bad", "raise", "rearm");
            alpha.ok(
                    "action",
                    "add",
                    "web/bad",
                    "tell",
                    "notify-pulse",
                    "rearm",
                    "node=beta",
                    "code=7",
                    "pid=" + ProcessHandle.current().pid(),
                    "channel=" + channel.number());
            alpha.ok(
                    "action",
                    "add",
                    "web/bad",
                    "kill",
                    "notify-signal",
                    "signal=SIGTERM",
                    "node=beta",
                    "pid=" + target.pid());
            alpha.ok("action", "add", "web/bad", "lost", "notify-signal", "signal=SIGTERM", "node=gamma", "pid=5");
            alpha.refused(
                    1, "pid: missing", "action", "add", "web/bad", "no", "notify-signal", "signal=TERM", "node=beta");
            alpha.ok("raise", "web", "1", "2", "3");
            var pulse = pulses.poll(HamInstance.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(pulse).isNotNull();
            assertThat(pulse.code()).isEqualTo(7);
            assertThat(pulse.event().type()).isEqualTo("raise");
            assertThat(pulse.event().entity()).contains("web");
            assertThat(target.waitFor()).isEqualTo(128 + 15);
            Awaitility.await()
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> !alpha.events("action-failed").isEmpty());
            assertThat(alpha.events("action-done")).hasSize(2);
            assertThat(alpha.events("action-failed").getFirst().toString())
                    .contains("SIGTERM not sent to process 5 on node 'gamma': no node 'gamma' with an address");
        } finally {
            target.destroyForcibly();
        }
        try (var far = far()) {
            refused(
                    Code.DENIED,
                    "node alpha has the rights 'notify' here, which do not let it attach",
                    () -> far.attach(EntitySpec.placeholder("web")));
        }
    }

    @Test
    void whoMayOnlyObserveChangesNothing() {
        beta.restarted("web", "sleep", "100000");
        startBoth("observe");
        var seen = new CopyOnWriteArrayList<Event>();
        try (var far = far()) {
            assertThat(far.tree().entities()).hasSize(1);
            assertThat(far.find("web")).isPresent();
            far.subscribe(0, seen::add, _ -> {});
            Awaitility.await().atMost(HamInstance.PATIENCE).until(() -> !seen.isEmpty());
            refused(Code.DENIED, "the rights 'observe'", () -> far.detach(EntityHandle.of("web")));
            refused(Code.DENIED, "the rights 'observe'", far::stop);
        }
        alpha.refused(1, "do not let it command", "--node", "beta", "tree");
        assertThat(beta.entities()).containsOnlyKeys("web");
    }

    @Test
    void aNodeThatIsNotKnownThereIsRefused() {
        startBoth("gamma", "all", "alpha", "ca");
        refused(Code.DENIED, "node beta knows no node of the name [alpha]", this::far);
    }

    @Test
    void aCertificateThatNobodyBelievesIsRefused() {
        startBoth("eve", "all", "eve", "ca");
        refused(Code.DENIED, "do not accept each other", this::far);
        alpha.refused(1, "do not accept each other", "--node", "beta", "tree");
    }
}
