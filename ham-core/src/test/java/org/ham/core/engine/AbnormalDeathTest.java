package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;

import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.junit.jupiter.api.Test;

/** A death, and whether it was an abnormal one. Point 14 of those that are easy to get wrong. */
class AbnormalDeathTest {
    private final Sim sim = new Sim();

    @Test
    void abnormalDeathFiresDeathTooAndFirstAndAnyRunsOnceForEachEvent() {
        sim.running(
                "web",
                condition("abnormal", ConditionType.ABNORMAL_DEATH, Set.of(), log("log")),
                condition("death", ConditionType.DEATH, Set.of(), log("log")),
                condition("any", ConditionType.ANY, Set.of(), log("log")));
        sim.die("web", ExitReason.signalled("SIGSEGV", false));
        assertThat(sim.batches.getLast()).extracting(e -> e.type()).startsWith("death");
        assertThat(sim.told())
                .filteredOn(t -> t.startsWith("condition-true") || t.endsWith("death"))
                .containsExactly(
                        "death",
                        "condition-true death",
                        "condition-true any",
                        "abnormal-death",
                        "condition-true abnormal",
                        "condition-true any");
    }

    @Test
    void aNormalExitIsNoAbnormalDeath() {
        sim.running("web", condition("abnormal", ConditionType.ABNORMAL_DEATH, Set.of(), log("log")));
        sim.die("web", ExitReason.exited(139));
        assertThat(sim.line("abnormal-death")).isEmpty();
        assertThat(sim.line("condition-true")).isEmpty();
    }
}
