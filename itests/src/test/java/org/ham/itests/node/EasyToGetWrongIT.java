package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ham.api.ActionFlag.KEEP_ON_FAIL;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.itests.node.HamInstance.kill;
import static org.ham.itests.node.Stage.action;
import static org.ham.itests.node.Stage.log;
import static org.ham.itests.node.Stage.on;
import static org.ham.itests.node.Stage.restart;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Raise;
import org.ham.api.StartSpec;
import org.ham.client.HamClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The points of the original that are easy to get wrong, with real processes, as far as no other test has them: {@code FlagsIT} has
 * lanes, failures and rearm, {@code EveryConditionEveryActionIT} the one restart, states, raises and abnormal deaths, {@code
 * SelfHeartbeatIT} and {@code HeartbeatIT} the beats, {@code TakeoverIT} the Guardian. As the fold has them: {@code LanesTest}, and
 * the other tests of the engine that say which point they are about.
 */
class EasyToGetWrongIT {
    @RegisterExtension
    static final HamInstance HAM = HamInstance.shared();

    @RegisterExtension
    final Programs programs = new Programs();

    private static Stage stage;

    @BeforeAll
    static void start() {
        HAM.start();
        stage = new Stage(HAM);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static Code code(ThrowingCallable call) {
        return catchThrowableOfType(HamException.class, call).code();
    }

    // ---- 4. Kept names ----

    @Test
    void aSelfAttachedProgramDeclaresItsKeptNamesAgainAfterARestart() {
        var program = programs.start(HAM, List.of(), "declares", "declared");
        program.await("ready");
        assertThat(program.said).containsEntry("condition", "ok").containsEntry("action", "ok");
        for (var restarts = 1; restarts <= 2; restarts++) {
            var before = stage.pid("declared");
            kill(before, "KILL");
            var restarted = stage.heard.await(
                    "another process of 'declared'",
                    event -> event.type().equals("restarted")
                            && event.entity().filter("declared"::equals).isPresent()
                            && event.pid().orElseThrow() != before);
            stage.heard.await("joined", "declared", restarted.seq());
            var ready = restarts;
            Awaitility.await("it has declared all")
                    .atMost(HamInstance.PATIENCE)
                    .until(() -> saidSoFar("ready") == ready);
            assertThat(saidSoFar("condition ok")).isEqualTo(restarts);
            assertThat(saidSoFar("action ok")).isEqualTo(restarts);
        }
        assertThat(stage.ham.find("declared").orElseThrow().kind()).isEqualTo("self");
        assertThat(stage.ham.find("declared").orElseThrow().conditions()).hasSize(1);
    }

    /** By those that HAM started. */
    private static long saidSoFar(String what) throws AssertionError {
        try {
            var log = HAM.runDir.resolve("log/declared.log");
            return Files.exists(log)
                    ? Files.readAllLines(log).stream()
                            .filter(line -> line.startsWith(what))
                            .count()
                    : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- 7. Self-attached ----

    @Test
    void losingTheConnectionWithoutADetachIsADeathThoughTheProcessLivesOn() {
        var program = programs.start(HAM, List.of(), "leaves", "left");
        program.await("closed");
        var death = stage.heard.await("death", "left");
        assertThat(stage.heard.causes(death)).endsWith("death");
        stage.heard.await("connection-lost", "left");
        assertThat(HamInstance.isAlive(program.pid())).isTrue();
        assertThat(stage.heard.of("left", "detached")).isEmpty();
        program.finish();
    }

    // ---- 8. External entities ----

    @Test
    void everyExitIsSeenWhateverItsSession() throws IOException {
        var gate = stage.file("exit");
        var script = "until [ -e " + gate + " ]; do sleep 0.05; done; exit 3";
        var parent = stage.child(List.of("sh", "-c", "(" + script + ") >/dev/null & echo $!"));
        var orphan = Long.parseLong(
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8)).readLine());
        var strangers = Map.of(
                "in-our-session", stage.child(List.of("sh", "-c", script)).pid(),
                "in-its-own", stage.child(List.of("setsid", "sh", "-c", script)).pid(),
                "orphan", orphan);
        strangers.forEach((name, pid) -> stage.ham.attach(EntitySpec.running(name, pid)));
        Files.createFile(gate);
        for (var name : strangers.keySet()) {
            var death = stage.heard.await("death", name);
            assertThat(death.pid()).hasValue(strangers.get(name));
            // Before Linux 6.15 it can be that nobody tells.
            assertThat(death.reason().orElseThrow()).isIn(ExitReason.exited(3), ExitReason.UNKNOWN);
        }
    }

    // ---- 9. waitfor ----

    @Test
    void waitforNeedsADelayAboveZeroAndFailsWhenItsPathNeverAppears() {
        var entity = stage.sleeping("waits", on(ConditionType.RAISE, "c", Set.of()));
        var condition = stage.ham.condition("waits", "c");
        var refusal = catchThrowableOfType(
                HamException.class,
                () -> stage.ham.addAction(condition, action("wait", "waitfor", Map.of("delay", "0s"))));
        assertThat(refusal.code()).isEqualTo(Code.INVALID);
        assertThat(refusal).hasMessageContaining("delay: must be above 0");
        stage.ham.addAction(
                condition,
                action("wait", "waitfor", Map.of("path", "/nonexistent/path", "delay", "200ms"), KEEP_ON_FAIL));
        stage.ham.addAction(condition, action("pause", "waitfor", Map.of("delay", "200ms")));
        stage.ham.raise(entity, new Raise(1, 1, 1));
        var done = stage.heard.await("action-done", "waits");
        assertThat(done.action()).hasValue("pause");
        var failed = stage.heard.await("action-failed", "waits");
        assertThat(failed.outcome().orElse("")).contains("has not appeared");
        assertThat(done.mono() - failed.mono()).isGreaterThanOrEqualTo(200_000_000);
    }

    // ---- 11. The global entity ----

    @Test
    void theGlobalEntityAlwaysExistsMatchesAnyEntityAndCannotBeRemoved() {
        var global = stage.ham.entity(HamPath.GLOBAL);
        var condition = stage.ham.addCondition(global, on(ConditionType.STATE, "all", Set.of(), log("log")));
        for (var name : List.of("one", "two")) {
            stage.ham.reportState(stage.sleeping(name), 5);
            var done = stage.heard.await("action-done", name);
            assertThat(done.condition()).hasValue("all");
            assertThat(done.data()).containsEntry("owner", HamPath.GLOBAL);
        }
        stage.ham.remove(condition);
        assertThat(code(() -> stage.ham.detach(global))).isEqualTo(Code.INVALID);
        assertThat(code(() -> stage.ham.attach(EntitySpec.placeholder(HamPath.GLOBAL))))
                .isEqualTo(Code.EXISTS);
        assertThat(stage.ham.entity(HamPath.GLOBAL)).isEqualTo(global);
    }

    // ---- 12. Connections and handles ----

    @Test
    void eachConnectionCountsForItself() {
        var one = HamClient.connect(HAM.runDir);
        var other = HamClient.connect(HAM.runDir);
        one.close();
        assertThat(other.tree().seq()).isPositive();
        other.close();
        assertThat(code(other::status)).isEqualTo(Code.NOT_CONNECTED);
        assertThat(stage.ham.tree().seq()).isPositive();
    }

    @Test
    void aStaleHandleIsNotFoundAndNeverAnotherObjectOfThatName() {
        var entity = stage.sleeping("stale", on(ConditionType.RAISE, "c", Set.of(), log("log")));
        var condition = stage.ham.condition("stale", "c");
        var action = stage.ham.action("stale", "c", "log");
        stage.ham.detach(entity);
        assertThat(code(() -> stage.ham.reportState(entity, 1))).isEqualTo(Code.NOT_FOUND);
        var next = stage.ham.attach(
                EntitySpec.placeholder("stale").with(List.of(on(ConditionType.RAISE, "c", Set.of(), log("log")))));
        assertThat(code(() -> stage.ham.reportState(entity, 1))).isEqualTo(Code.NOT_FOUND);
        assertThat(code(() -> stage.ham.detach(entity))).isEqualTo(Code.NOT_FOUND);
        assertThat(code(() -> stage.ham.remove(condition))).isEqualTo(Code.NOT_FOUND);
        assertThat(code(() -> stage.ham.remove(action))).isEqualTo(Code.NOT_FOUND);
        assertThat(stage.ham.find("stale").orElseThrow().conditions().getFirst().actions())
                .hasSize(1);
        stage.ham.reportState(next, 1);
        stage.ham.reportState(EntityHandle.of("stale"), 2);
    }

    // ---- 13. Guardian ----

    @Test
    void killingTheHamDoesNotStopItAndAnOrderlyStopIsNoTakeover() throws Exception {
        var own = new HamInstance();
        try {
            own.restarted("web", "sleep", "100000").start();
            var first = own.awaitMirrored();
            var killed = first.getAsJsonObject("ham").get("pid").getAsLong();
            var guardian = first.getAsJsonObject("guardian").get("pid").getAsLong();
            kill(killed, "KILL");
            assertThat(own.awaitMirrored(guardian)
                            .getAsJsonObject("ham")
                            .get("pid")
                            .getAsLong())
                    .isEqualTo(guardian);
            own.ok("stop");
            var types = own.ok("events", "--offline", "--json")
                    .lines()
                    .map(line -> JsonParser.parseString(line)
                            .getAsJsonObject()
                            .get("type")
                            .getAsString())
                    .toList();
            assertThat(types).containsOnlyOnce("took-over", "stopping").endsWith("stopping");
            assertThat(types).doesNotContain("guardian-failed");
        } finally {
            own.end();
        }
    }

    // ---- 15. restart ----

    @Test
    void restartFiresOnlyAfterASuccessfulRestart() throws IOException {
        var program = Files.writeString(HAM.conf.resolve("program"), "#!/bin/sh\nexec sleep 100000\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        stage.running(EntitySpec.started("back", StartSpec.of(List.of(program.toString())))
                .with(List.of(
                        on(ConditionType.RESTART, "back", Set.of(), log("back")),
                        on(ConditionType.DEATH, "died", Set.of(ConditionFlag.REARM), restart(REARM, KEEP_ON_FAIL)))));
        kill(stage.pid("back"), "KILL");
        stage.heard.await("restarted", "back");
        var once = stage.heard.await(
                "action-done", "back", stage.heard.await("restarted", "back").seq());
        assertThat(once.action()).hasValue("back");
        Files.delete(program);
        kill(stage.pid("back"), "KILL");
        stage.heard.await("action-failed", "back");
        stage.heard.await("gone", "back");
        assertThat(stage.heard.of("back", "restarted")).hasSize(1);
        assertThat(stage.heard.of("back", "condition-true")).containsExactly("died", "back", "died");
    }
}
