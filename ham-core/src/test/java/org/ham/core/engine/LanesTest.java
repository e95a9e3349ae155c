package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;
import static org.ham.core.engine.Sim.waits;

import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.HamException.Code;
import org.junit.jupiter.api.Test;

/**
 * In which order actions run, and what runs beside them. Points 1 and 9 of those that are easy to get wrong. That a
 * delay is above 0 and its path has to appear: {@code WaitForTest}.
 */
class LanesTest {
    private final Sim sim = new Sim();

    @Test
    void lanesAllNoWaitShareOneEachIndependentHasItsOwnAllOthersShareOneAndNoWaitWins() {
        sim.running(
                "web",
                condition("n1", ConditionType.DEATH, Set.of(ConditionFlag.NO_WAIT), log("log")),
                condition(
                        "n2",
                        ConditionType.DEATH,
                        Set.of(ConditionFlag.NO_WAIT, ConditionFlag.INDEPENDENT),
                        log("log")),
                condition("i1", ConditionType.DEATH, Set.of(ConditionFlag.INDEPENDENT), log("log")),
                condition("i2", ConditionType.DEATH, Set.of(ConditionFlag.INDEPENDENT), log("log")),
                condition("o1", ConditionType.DEATH, Set.of(), waits("wait")),
                condition("o2", ConditionType.DEATH, Set.of(), log("log")));
        sim.die("web");
        assertThat(sim.inFlight("web")).containsExactlyInAnyOrder("n1/log", "i1/log", "i2/log", "o1/wait");
        sim.ok("web", "n1/log");
        assertThat(sim.inFlight("web")).contains("n2/log").doesNotContain("o2/log");
        sim.ok("web", "o1/wait");
        assertThat(sim.inFlight("web")).contains("o2/log");
    }

    @Test
    void actionsOfAConditionRunStrictlyOneAfterTheOther() {
        sim.running("web", onDeath("died", log("a"), log("b"), log("c")));
        sim.die("web");
        assertThat(sim.inFlight("web")).containsExactly("died/a");
        sim.ok("web", "died/a");
        assertThat(sim.inFlight("web")).containsExactly("died/b");
        sim.ok("web", "died/b");
        assertThat(sim.inFlight("web")).containsExactly("died/c");
    }

    @Test
    void theRestartTakesItsTurnInTheListAndDoesNotRunFirst() {
        sim.running("web", onDeath("died", log("before", REARM), restart(REARM), log("after", REARM)));
        sim.die("web");
        assertThat(sim.started()).isEmpty();
        sim.ok("web", "died/before");
        assertThat(sim.started()).containsExactly("web");
        assertThat(sim.inFlight("web")).containsExactly("died/restart");
        sim.startSucceeds("web");
        assertThat(sim.inFlight("web")).containsExactly("died/after");
    }

    @Test
    void aWaitIsRefusedInANoWaitCondition() {
        sim.running("web", condition("c", ConditionType.DEATH, Set.of(ConditionFlag.NO_WAIT)));
        var refusal = sim.apply(new Input.AddAction("web", "c", waits("wait"))).refusal();
        assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(Code.INVALID);
        assertThat(refusal).hasMessageContaining("no-wait");
    }
}
