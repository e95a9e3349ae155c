package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.api.ActionFlag.BREAK_ON_FAIL;
import static org.ham.api.ActionFlag.DO_NOW;
import static org.ham.api.ActionFlag.KEEP_ON_FAIL;
import static org.ham.api.ActionFlag.NO_REARM;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.itests.node.HamInstance.kill;
import static org.ham.itests.node.Stage.action;
import static org.ham.itests.node.Stage.log;
import static org.ham.itests.node.Stage.on;
import static org.ham.itests.node.Stage.restart;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntitySpec;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each flag of entities, conditions and actions, and the lists of fail items, with real processes in one HAM. */
class FlagsIT {
    private static final Set<ConditionFlag> KEPT = Set.of(ConditionFlag.REARM);
    private static final Raise RAISED = new Raise(1, 2, 3);

    @RegisterExtension
    static final HamInstance HAM = HamInstance.shared();

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

    // ---- rearm ----

    @Test
    void aRestartPrunesWhatDoesNotRearm() {
        stage.sleeping(
                "pruned",
                on(ConditionType.DEATH, "died", KEPT, restart(REARM), log("once"), log("always", REARM)),
                on(ConditionType.DEATH, "plain", Set.of(), log("rearmed", REARM)),
                on(ConditionType.RESTART, "back", Set.of(), log("kept"), log("dropped", NO_REARM)),
                on(ConditionType.RESTART, "first", Set.of(ConditionFlag.NO_REARM), log("rearmed", REARM)));
        restarted("pruned");
        assertThat(shape("pruned")).containsExactly("died/restart", "died/always", "back/kept");
        // What was to run when it died runs to the end of its lists all the same.
        assertThat(done("pruned"))
                .containsExactlyInAnyOrder(
                        "died/restart",
                        "died/once",
                        "died/always",
                        "plain/rearmed",
                        "back/kept",
                        "back/dropped",
                        "first/rearmed");
        restarted("pruned");
        assertThat(shape("pruned")).containsExactly("died/restart", "died/always", "back/kept");
    }

    @Test
    void rearmIsNeededOnTheConditionAndOnTheAction() {
        var entity = stage.sleeping("twice", on(ConditionType.DEATH, "died", Set.of(), restart()));
        stage.ham.changeFlags(stage.ham.condition("twice", "died"), FlagChange.ADD, KEPT);
        stage.ham.changeFlags(stage.ham.action("twice", "died", "restart"), FlagChange.ADD, Set.of(REARM));
        restarted("twice");
        assertThat(shape("twice")).containsExactly("died/restart");
        stage.ham.changeFlags(stage.ham.action("twice", "died", "restart"), FlagChange.REMOVE, Set.of(REARM));
        restarted("twice");
        // Its last action went, and so did it; nobody starts the entity after its next death.
        assertThat(shape("twice")).isEmpty();
        kill(stage.pid("twice"), "KILL");
        stage.heard.await("gone", "twice");
        assertThatThrownBy(() -> stage.ham.flags(entity))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.NOT_FOUND));
    }

    // ---- keep-on-empty, keep-on-fail, break-on-fail, fail items ----

    @Test
    void aFailedActionGoesAndItsConditionWithItUnlessTheyAreKept() {
        var entity = stage.sleeping(
                "failing",
                raised("goes", failing("bad")),
                raised("stays", Set.of(ConditionFlag.KEEP_ON_EMPTY), failing("bad")),
                raised("kept", failing("bad", KEEP_ON_FAIL)),
                raised("list", failing("bad"), log("next")));
        stage.ham.raise(entity, RAISED);
        awaitIdle("failing");
        assertThat(shape("failing")).containsExactly("stays", "kept/bad", "list/next");
        assertThat(done("failing")).containsExactly("list/next");
        // Removed by hand, the last action takes its condition along too.
        stage.ham.remove(stage.ham.action("failing", "list", "next"));
        stage.ham.remove(stage.ham.action("failing", "kept", "bad"));
        assertThat(shape("failing")).containsExactly("stays");
    }

    @Test
    void breakOnFailSkipsTheRestAndOnlyThen() {
        var entity = stage.sleeping(
                "broken",
                raised("fails", failing("bad", BREAK_ON_FAIL, KEEP_ON_FAIL), log("never")),
                raised("works", log("good", BREAK_ON_FAIL), log("next")));
        stage.ham.raise(entity, RAISED);
        awaitIdle("broken");
        assertThat(done("broken")).containsExactly("works/good", "works/next");
        assertThat(stage.heard.of("broken", "list-broken-off")).containsExactly("fails/bad");
        assertThat(shape("broken")).containsExactly("fails/bad", "fails/never", "works/good", "works/next");
    }

    @Test
    void failItemsRunInOrderAtEachFailureAlsoAfterOneThatFails() throws IOException {
        var file = stage.file("fail-items");
        var bad = failing("bad", KEEP_ON_FAIL);
        var entity = stage.sleeping(
                "items",
                raised(
                        "fails",
                        new ActionSpec(
                                bad.name(),
                                bad.type(),
                                bad.parameters(),
                                bad.flags(),
                                List.of(
                                        shell("first", "echo first >>" + file),
                                        failing("second"),
                                        shell("third", "echo third >>" + file))),
                        shell("next", "echo next >>" + file)));
        for (var round = 0; round < 2; round++) {
            stage.ham.raise(entity, RAISED);
            awaitIdle("items");
        }
        assertThat(Files.readAllLines(file)).containsExactly("first", "third", "next", "first", "third", "next");
        stage.ham.removeFailItem(stage.ham.action("items", "fails", "bad"), "first");
        stage.ham.raise(entity, RAISED);
        awaitIdle("items");
        assertThat(Files.readAllLines(file)).hasSize(8).endsWith("third", "next");
    }

    // ---- do-now ----

    @Test
    void doNowRunsOnceWhenTheActionIsAddedAndThenAsAnyOther() throws IOException {
        var file = stage.file("do-now");
        var entity = stage.sleeping("now", raised("c", Set.of(ConditionFlag.KEEP_ON_EMPTY)));
        var condition = stage.ham.condition("now", "c");
        stage.ham.addAction(condition, shell("now", "echo now >>" + file, DO_NOW));
        stage.ham.addAction(condition, shell("later", "echo later >>" + file));
        awaitIdle("now");
        assertThat(Files.readAllLines(file)).containsExactly("now");
        stage.ham.raise(entity, RAISED);
        awaitIdle("now");
        assertThat(Files.readAllLines(file)).containsExactly("now", "now", "later");
    }

    // ---- lanes ----

    @Test
    void onlyWhatSharesALaneWaits() throws IOException {
        var gate = stage.file("gate");
        var slow = action("wait", "waitfor", Map.of("path", gate.toString(), "delay", "20m"));
        var held = shell("hold", "until [ -e " + gate + " ]; do sleep 0.05; done");
        var entity = stage.sleeping(
                "lanes",
                raised("other", slow),
                raised("other-too", log("log")),
                raised("quick", Set.of(ConditionFlag.NO_WAIT), held),
                raised("quick-too", Set.of(ConditionFlag.NO_WAIT, ConditionFlag.INDEPENDENT), log("log")),
                raised("own", Set.of(ConditionFlag.INDEPENDENT), slow),
                raised("own-too", Set.of(ConditionFlag.INDEPENDENT), log("log")));
        stage.ham.raise(entity, RAISED);
        stage.heard.await(
                "the end of own-too",
                event -> event.type().equals("action-done")
                        && event.condition().filter("own-too"::equals).isPresent());
        assertThat(stage.heard.of("lanes", "action-started"))
                .containsExactlyInAnyOrder("other/wait", "quick/hold", "own/wait", "own-too/log");
        // Another entity waits for none of them.
        var another = stage.sleeping("another", raised("c", log("log")));
        stage.ham.raise(another, RAISED);
        stage.heard.await("action-done", "another");
        assertThat(done("lanes")).containsExactly("own-too/log");
        Files.createFile(gate);
        awaitIdle("lanes");
        assertThat(done("lanes"))
                .containsExactlyInAnyOrder(
                        "own-too/log", "other/wait", "other-too/log", "quick/hold", "quick-too/log", "own/wait");
    }

    @Test
    void aNoWaitConditionRefusesToWait() {
        stage.sleeping("hasty", raised("c", Set.of(ConditionFlag.NO_WAIT, ConditionFlag.KEEP_ON_EMPTY)));
        var condition = stage.ham.condition("hasty", "c");
        var wait = action("wait", "waitfor", Map.of("delay", "1s"));
        assertThatThrownBy(() -> stage.ham.addAction(condition, wait))
                .hasMessage("hasty/c/wait: condition 'c' is flagged no-wait and waitfor waits; put it under another"
                        + " condition");
        stage.ham.changeFlags(condition, FlagChange.REMOVE, Set.of(ConditionFlag.NO_WAIT));
        stage.ham.addAction(condition, wait);
        assertThatThrownBy(() -> stage.ham.changeFlags(condition, FlagChange.ADD, Set.of(ConditionFlag.NO_WAIT)))
                .isInstanceOfSatisfying(
                        HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.INVALID));
    }

    // ---- keep-on-death ----

    @Test
    void keepOnDeathKeepsThePlaceholderWithItsConditions() {
        var spec = EntitySpec.started("kept", StartSpec.of(Stage.SLEEP)).with(Set.of(EntityFlag.KEEP_ON_DEATH));
        stage.running(spec.with(List.of(on(ConditionType.ATTACH, "joined", Set.of(), log("log")))));
        kill(stage.pid("kept"), "KILL");
        var unattached = stage.heard.await("unattached", "kept");
        assertThat(stage.ham.find("kept").orElseThrow().pid()).isEmpty();
        stage.ham.attach(EntitySpec.running("kept", stage.sleeper().pid()));
        stage.heard.await("action-done", "kept", unattached.seq());

        stage.sleeping("left", on(ConditionType.ATTACH, "joined", Set.of(), log("log")));
        kill(stage.pid("left"), "KILL");
        stage.heard.await("gone", "left");
        assertThat(stage.ham.find("left")).isEmpty();
    }

    // ---- what they are made of ----

    private static ConditionSpec raised(String name, ActionSpec... actions) {
        return raised(name, Set.of(), actions);
    }

    private static ConditionSpec raised(String name, Set<ConditionFlag> flags, ActionSpec... actions) {
        return ConditionSpec.onRaise(name, RaiseMatch.ANY, flags).with(List.of(actions));
    }

    /** Fails, as its receiver has gone. */
    private static ActionSpec failing(String name, ActionFlag... flags) {
        return action(name, "notify-signal", Map.of("signal", "SIGUSR1", "pid", stage.deadPid()), flags);
    }

    /** Is waited for. */
    private static ActionSpec shell(String name, String script, ActionFlag... flags) {
        return action(name, "execute", Map.of("command", List.of("sh", "-c", script), "within", "20m"), flags);
    }

    private static void restarted(String entity) {
        var before = stage.pid(entity);
        kill(before, "KILL");
        stage.heard.await(
                entity + " with another process",
                event -> event.type().equals("restarted")
                        && event.entity().filter(entity::equals).isPresent()
                        && event.pid().orElseThrow() != before);
        awaitIdle(entity);
    }

    /** Waits until each of an entity's conditions that came true has run its list to the end. */
    private static void awaitIdle(String entity) {
        Awaitility.await("the lists of " + entity).atMost(HamInstance.PATIENCE).until(() -> {
            var lines = stage.heard.of(entity);
            return lines.stream().filter(e -> e.type().equals("action-started")).count()
                            == lines.stream()
                                    .filter(e -> e.type().matches("action-(done|failed)"))
                                    .count()
                    && stage.ham.find(entity).isPresent();
        });
    }

    private static List<String> done(String entity) {
        return stage.heard.of(entity, "action-done");
    }

    /** Its conditions and actions, as {@code condition/action}. */
    private static List<String> shape(String entity) {
        return stage.ham.find(entity).orElseThrow().conditions().stream()
                .flatMap(c -> c.actions().isEmpty()
                        ? java.util.stream.Stream.of(c.name())
                        : c.actions().stream().map(a -> c.name() + "/" + a.name()))
                .toList();
    }
}
