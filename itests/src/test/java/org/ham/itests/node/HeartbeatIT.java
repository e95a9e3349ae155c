package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import com.google.gson.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.ham.api.HeartbeatPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real processes beat, hang and are stopped. */
class HeartbeatIT {
    private static final long SECOND = 1_000_000_000;

    /** Of the client below: long enough for its virtual machine to start on a busy machine. */
    private static final long LOW = 10 * SECOND;

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final BeatPages pages = new BeatPages(ham);

    private Path hang() {
        return ham.conf.resolve("hang");
    }

    private void beating(String name) {
        var classes =
                List.of(BeatingClient.class, HeartbeatPage.class, org.jspecify.annotations.NullMarked.class).stream()
                        .map(type -> type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .reduce((one, other) -> one + File.pathSeparator + other)
                        .orElseThrow();
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        ham.entity(name, """
                start: ["%s", "-XX:TieredStopAtLevel=1", "-cp", "%s", "%s", "%s"]
                heartbeat: {period: 500ms, low: 20, high: 24}
                conditions:
                  slow:
                    when: heartbeat-missed-low
                    actions: [{tell: {type: log, message: it is slow}}]
                  hangs:
                    when: heartbeat-missed-high
                    actions: [{kill: {type: notify-signal, signal: SIGKILL}}]
                  died:
                    when: death
                    flags: [rearm]
                    actions: [{restart: {flags: [rearm]}}]
                """.formatted(java, classes, BeatingClient.class.getName(), hang()));
    }

    private JsonObject awaitEvent(String type, String entity, int count) {
        return Awaitility.await(type)
                .atMost(HamInstance.PATIENCE)
                .until(() -> of(type, entity), found -> found.size() >= count)
                .get(count - 1);
    }

    private List<JsonObject> of(String type, String entity) {
        return ham.events(type).stream()
                .filter(e -> e.has("entity") && e.get("entity").getAsString().equals(entity))
                .toList();
    }

    @Test
    void aClientThatIsStoppedIsKilledAndStartedAgainButNotForWhatHappensToTheHam() {
        beating("web");
        ham.settings("guardian: {hang-after: 60s}\n").start();
        ham.awaitMirrored();
        var pid = ham.pid("web");
        pages.awaitBeats(pid, SECOND);

        // The HAM is stopped for longer than the high mark.
        var first = ham.hamPid();
        kill(first, "STOP");
        pages.awaitBeats(pid, LOW + 4 * SECOND);
        kill(first, "CONT");
        // Another one takes over.
        kill(first, "KILL");
        ham.awaitMirrored(first);
        pages.awaitBeats(pid, LOW + 4 * SECOND);
        assertThat(of("heartbeat-missed-low", "web")).isEmpty();
        assertThat(ham.pid("web")).isEqualTo(pid);
        assertThat(ham.entity("web").getAsJsonObject("heartbeat").get("state").getAsString())
                .isEqualTo("ok");

        // It is stopped itself.
        kill(pid, "STOP");
        var stopped = pages.oldestBeat(pid);
        var low = awaitEvent("heartbeat-missed-low", "web", 1);
        assertThat(low.get("mono").getAsLong()).isGreaterThanOrEqualTo(stopped + LOW);
        assertThat(low.getAsJsonObject("data").get("missed").getAsInt()).isGreaterThanOrEqualTo(20);
        awaitEvent("heartbeat-missed-high", "web", 1);
        var death = awaitEvent("death", "web", 1);
        assertThat(death.getAsJsonObject("reason").get("signal").getAsString()).isEqualTo("SIGKILL");
        var next = ham.awaitRestart("web", pid);
        pages.awaitBeats(next, SECOND);
        assertThat(ham.entity("web").getAsJsonObject("heartbeat").get("state").getAsString())
                .isEqualTo("ok");
    }

    @Test
    void oneHungThreadIsEnough() throws Exception {
        beating("web");
        ham.start();
        var pid = ham.pid("web");
        pages.awaitBeats(pid, SECOND);
        Files.createFile(hang());
        awaitEvent("heartbeat-missed-high", "web", 1);
        awaitEvent("death", "web", 1);
        Files.delete(hang());
        pages.awaitBeats(ham.awaitRestart("web", pid), SECOND);
    }

    @Test
    void theExampleDoesWhatItSays() throws Exception {
        var example = Path.of(System.getProperty("ham.root")).resolve("examples/heartbeat");
        for (var file : List.of("Beats.java", "entities/beats.yaml", "entities/script.yaml")) {
            Files.copy(example.resolve(file), ham.conf.resolve(file));
        }
        ham.start();
        var pid = ham.pid("beats");
        pages.awaitBeats(pid, SECOND);
        Files.createFile(hang());
        awaitEvent("heartbeat-missed-high", "beats", 1);
        awaitEvent("death", "beats", 1);
        Files.delete(hang());
        pages.awaitBeats(ham.awaitRestart("beats", pid), SECOND);

        awaitEvent("heartbeat-missed-low", "script", 1);
        ham.ok("beat", "script");
        awaitEvent("heartbeat-again", "script", 1);
    }

    @Test
    void aScriptBeatsByTheCommandAndHeals() {
        ham.entity("script", """
                start: [sleep, "1000"]
                heartbeat: {period: 100ms, low: 2, high: 4, self-healing: true}
                """).entity("plain", """
                start: [sleep, "1000"]
                heartbeat: {period: 100ms, low: 2, high: 4}
                conditions:
                  hangs:
                    when: heartbeat-missed-high
                    actions: [{heal: {type: heartbeat-healthy}}]
                """).start();
        awaitEvent("heartbeat-missed-high", "script", 1);
        assertThat(ham.ok("beat", "script")).contains("beat for script");
        awaitEvent("heartbeat-again", "script", 1);
        awaitEvent("heartbeat-missed-high", "script", 2);
        // The other one is healed each time it is missed, and so is missed again.
        awaitEvent("heartbeat-healthy", "plain", 2);
        awaitEvent("heartbeat-missed-high", "plain", 3);

        ham.ok("heartbeats", "suspend");
        ham.ok("beat", "plain");
        assertThat(ham.ok("heartbeats")).contains("heartbeats are suspended");
        assertThat(ham.status().get("heartbeats").getAsBoolean()).isFalse();
        var before = ham.events("heartbeat-missed-high").size();
        ham.ok("heartbeats", "resume");
        Awaitility.await("missed anew")
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.events("heartbeat-missed-high").size() > before);
        ham.refused(1, "no entity 'nobody'", "beat", "nobody");
    }

    @Test
    void statesAndRaisesRunTheirConditions() {
        ham.entity("web", """
                placeholder: true
                conditions:
                  up: {when: state, from: 0, to: [1, 2], actions: [{tell: {type: log, message: it is up}}]}
                  odd: {when: state, to: {not: [0, 1, 2]}, actions: [{tell: {type: log, message: it is odd}}]}
                """).start();
        ham.ok("condition", "add", "web", "bad", "raise", "type=7", "severity=3+");
        ham.ok("action", "add", "web/bad", "tell", "log", "message=it is bad");
        ham.ok("state", "web", "2");
        awaitEvent("action-done", "web", 1);
        ham.ok("state", "web", "-5");
        awaitEvent("action-done", "web", 2);
        ham.ok("raise", "web", "7", "1", "2");
        ham.ok("raise", "web", "7", "1", "4");
        awaitEvent("action-done", "web", 3);
        assertThat(of("condition-true", "web").stream()
                        .map(e -> e.get("condition").getAsString()))
                .containsExactly("up", "odd", "bad");
        assertThat(ham.entity("web").get("state").getAsInt()).isEqualTo(-5);
        ham.refused(1, "no entity 'wbe'", "state", "wbe", "1");
        ham.refused(1, "the global entity", "raise", "*", "1", "1", "1");
        assertThat(ham.ok("flags", "web/bad", "add", "keep-on-empty")).contains("keep-on-empty");
    }
}
