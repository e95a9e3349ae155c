package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.NO_REARM;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.junit.jupiter.api.Test;

/** What a restart leaves of the conditions and actions. Point 3 of those that are easy to get wrong. */
class RearmTest {
    private final Sim sim = new Sim();

    @Test
    void aConditionWithoutRearmIsPrunedAtTheRestartWithAllItsActions() {
        sim.running("web", condition("died", ConditionType.DEATH, Set.of(), restart()));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).isEmpty();
        sim.clear();
        sim.die("web");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.exists("web")).isFalse();
    }

    @Test
    void rearmIsNeededOnTheConditionAndOnTheAction() {
        sim.running(
                "web",
                onDeath("died", restart()),
                condition("plain", ConditionType.DEATH, Set.of(), log("rearmed", REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).isEmpty();
    }

    @Test
    void aKeptConditionLosesTheActionsThatDoNotRearm() {
        sim.running("web", onDeath("died", restart(REARM), log("once"), log("always", REARM)));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("restart", "always");
        // The list in progress goes on as it was when the condition became true.
        assertThat(sim.inFlight("web")).containsExactly("died/once");
    }

    @Test
    void rearmIsOnByDefaultOutsideTheDeathConditionsAndCanBeSwitchedOff() {
        sim.running(
                "web",
                onDeath("died", restart(REARM)),
                condition("back", ConditionType.RESTART, Set.of(), log("kept"), log("dropped", NO_REARM)),
                condition("once", ConditionType.RESTART, Set.of(ConditionFlag.NO_REARM), log("log")));
        sim.die("web");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").conditions()).extracting(Condition::name).containsExactly("died", "back");
        assertThat(sim.entity("web").condition("back").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("kept");
    }
}
