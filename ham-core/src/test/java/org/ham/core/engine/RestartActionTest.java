package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.KEEP_ON_FAIL;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.HamException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one restart action, and what happens on a restart. Points 5 and 15 of those that are easy to get wrong. */
class RestartActionTest {
    private final Sim sim = new Sim();

    @Test
    void oneRestartActionOverAllDeathConditions() {
        sim.running("web", onDeath("died", restart(REARM)), condition("bad", ConditionType.ABNORMAL_DEATH, Set.of()));
        var refusal = sim.apply(new Input.AddAction("web", "bad", restart())).refusal();
        assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(Code.EXISTS);
        assertThat(refusal).hasMessageContaining("one restart action");
    }

    @ParameterizedTest
    @EnumSource(
            value = ConditionType.class,
            names = {"DEATH", "ABNORMAL_DEATH"},
            mode = EnumSource.Mode.EXCLUDE)
    void restartIsRefusedOutsideTheDeathConditions(ConditionType type) {
        sim.running("web", condition("c", type, Set.of()));
        assertThat(Objects.requireNonNull(sim.apply(new Input.AddAction("web", "c", restart()))
                                .refusal())
                        .code())
                .isEqualTo(Code.INVALID);
    }

    @Test
    void restartFiresOnlyAfterASuccessfulRestartNotAfterAFirstStart() {
        sim.apply(new Input.Attach(
                "web",
                Sim.START,
                null,
                Set.of(),
                List.of(
                        onDeath("died", restart(REARM)),
                        condition("back", ConditionType.RESTART, Set.of(), log("log"))),
                false));
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).isEmpty();
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).containsExactly("back/log");
    }

    @Test
    void aRestartThatFailsFiresNoRestart() {
        sim.running(
                "web",
                onDeath("died", restart(REARM, KEEP_ON_FAIL)),
                condition("back", ConditionType.RESTART, Set.of(), log("log")));
        sim.die("web");
        sim.startFails("web");
        assertThat(sim.told())
                .contains("action-failed died/restart")
                .doesNotContain("restarted", "condition-true back");
    }
}
