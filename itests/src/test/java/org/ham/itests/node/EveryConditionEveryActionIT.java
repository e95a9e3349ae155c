package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ham.itests.node.HamInstance.kill;
import static org.ham.itests.node.Stage.log;
import static org.ham.itests.node.Stage.on;
import static org.ham.itests.node.Stage.restart;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.ham.api.ActionFlag;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.HamException;
import org.ham.api.HeartbeatSpec;
import org.ham.api.Raise;
import org.ham.api.StartSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each type of condition with each of the original's actions: an entity of its own, its event brought about, and the action's
 * effect seen in the world, its end and its causes in the journal. All run at once in one HAM. Beside the condition under test each entity has
 * one of the same type that is switched off, and one whose event does not come; neither may run.
 */
class EveryConditionEveryActionIT {
    /** As in {@code docs/conditions-actions.md}. */
    private static final String TABLE = """
            | condition | restart | execute | waitfor | notify-pulse | notify-signal | heartbeat-healthy | log |
            |---|---|---|---|---|---|---|---|
            | death | another process | runs | runs | runs | runs | nothing to heal | runs |
            | abnormal-death | another process | runs | runs | runs | runs | nothing to heal | runs |
            | detach | refused EINVAL | runs | runs | runs | runs | nothing to heal | runs |
            | attach | refused EINVAL | runs | runs | runs | runs | nothing to heal | runs |
            | restart | refused EINVAL | runs | runs | runs | runs | nothing to heal | runs |
            | heartbeat-missed-low | refused EINVAL | runs | runs | runs | runs | heals | runs |
            | heartbeat-missed-high | refused EINVAL | runs | runs | runs | runs | heals | runs |
            | state | refused EINVAL | runs | runs | runs | runs | heals | runs |
            | raise | refused EINVAL | runs | runs | runs | runs | heals | runs |
            | any | refused EINVAL | runs | runs | runs | runs | heals | runs |
            """;

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

    @Test
    void theTableIsDocumented() throws IOException {
        assertThat(Path.of(System.getProperty("ham.root"), "docs", "conditions-actions.md"))
                .content()
                .contains(TABLE);
    }

    @TestFactory
    List<DynamicTest> everyCellIsTrue() {
        var trials = trials();
        assertThat(trials).hasSize(ConditionType.values().length * 7);
        trials.forEach(Trial::attach);
        trials.forEach(Trial::bringAbout);
        return trials.stream()
                .map(trial -> DynamicTest.dynamicTest(trial.name(), trial::check))
                .toList();
    }

    private static List<Trial> trials() {
        var rows = TABLE.lines()
                .map(line ->
                        Stream.of(line.split("\\|")).skip(1).map(String::strip).toList())
                .toList();
        var trials = new ArrayList<Trial>();
        for (var row : rows.subList(2, rows.size())) {
            for (var column = 1; column < row.size(); column++) {
                trials.add(new Trial(
                        stage,
                        ConditionType.parse(row.getFirst()),
                        rows.getFirst().get(column),
                        row.get(column),
                        trials.size() + 1));
            }
        }
        return trials;
    }

    @Test
    void oneRestartOverAllDeathConditionsOfAnEntity() {
        var entity = stage.sleeping("once", on(ConditionType.DEATH, "died", Set.of(), restart()));
        var abnormal = stage.ham.addCondition(entity, on(ConditionType.ABNORMAL_DEATH, "crashed", Set.of()));
        var refusal = catchThrowableOfType(HamException.class, () -> stage.ham.addAction(abnormal, restart()));
        assertThat(refusal.code()).isEqualTo(HamException.Code.EXISTS);
        assertThat(refusal)
                .hasMessage("entity 'once' may have one restart action over all its death conditions, not two; remove"
                        + " the other");
    }

    /** The entity's own and the global one's; an abnormal death is two events. */
    @Test
    void anyRunsOnceForEachEvent() {
        var globally = stage.ham.addCondition(
                EntityHandle.of("*"), on(ConditionType.ANY, "every", Set.of(ConditionFlag.INDEPENDENT), log("every")));
        var entity = stage.ham.attach(new EntitySpec(
                "watched",
                Optional.empty(),
                OptionalLong.empty(),
                Set.of(),
                List.of(
                        on(ConditionType.ANY, "all", Set.of(ConditionFlag.INDEPENDENT), log("all")),
                        on(ConditionType.DEATH, "died", Set.of(ConditionFlag.REARM), restart(ActionFlag.REARM))),
                Optional.of(HeartbeatSpec.of(Duration.ofMillis(100), 5, 10))));
        stage.ham.attach(EntitySpec.started("watched", StartSpec.of(Stage.SLEEP)));
        stage.heard.await("heartbeat-missed-high", "watched");
        stage.ham.reportState(entity, 3);
        stage.ham.raise(entity, new Raise(1, 1, 1));
        kill(stage.pid("watched"), "SEGV");
        var restarted = stage.heard.await("restarted", "watched");
        stage.heard.await("heartbeat-missed-high", "watched", restarted.seq());
        stage.ham.detach(entity);
        stage.heard.await("gone", "watched");
        for (var condition : List.of("all", "every")) {
            assertThat(stage.heard.of("watched").stream()
                            .filter(event -> event.type().equals("condition-true")
                                    && event.condition()
                                            .filter(condition::equals)
                                            .isPresent())
                            .map(event -> event.data().get("event")))
                    .as(condition)
                    .containsExactly(
                            "attach",
                            "heartbeat-missed-low",
                            "heartbeat-missed-high",
                            "state",
                            "raise",
                            "death",
                            "abnormal-death",
                            "restart",
                            "heartbeat-missed-low",
                            "heartbeat-missed-high",
                            "detach");
        }
        stage.ham.remove(globally);
    }
}
