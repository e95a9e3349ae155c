package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.BREAK_ON_FAIL;
import static org.ham.api.ActionFlag.KEEP_ON_FAIL;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.failing;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.util.List;
import org.ham.api.RaiseMatch;
import org.junit.jupiter.api.Test;

/** What a failed action comes to. Point 2 of those that are easy to get wrong. */
class FailuresTest {
    private final Sim sim = new Sim();

    @Test
    void aFailedActionIsRemovedByDefaultAndItsListGoesOn() {
        sim.running("web", onDeath("died", failing("bad", List.of(), REARM), log("next", REARM), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions())
                .extracting(Action::name)
                .containsExactly("next", "restart");
        assertThat(sim.inFlight("web")).containsExactly("died/next");
    }

    @Test
    void keepOnFailKeepsAFailedAction() {
        sim.running("web", onDeath("died", failing("bad", List.of(), KEEP_ON_FAIL, REARM), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        sim.startSucceeds("web");
        assertThat(sim.entity("web").condition("died").orElseThrow().actions()).hasSize(2);
    }

    @Test
    void failItemsRunInOrderEvenWhenOneOfThemFails() {
        sim.running("web", onDeath("died", failing("bad", List.of(log("f1"), log("f2")), KEEP_ON_FAIL), log("next")));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.inFlight("web")).containsExactly("died/f1");
        sim.fails("web", "died/f1");
        assertThat(sim.inFlight("web")).containsExactly("died/f2");
        sim.ok("web", "died/f2");
        assertThat(sim.inFlight("web")).containsExactly("died/next");
    }

    @Test
    void theFailListRunsForEachFailure() {
        sim.running(
                "web", Sim.onRaise("raised", RaiseMatch.ANY, Sim.failing("bad", List.of(log("item")), KEEP_ON_FAIL)));
        for (var round = 0; round < 2; round++) {
            sim.apply(new Input.RaiseFor("web", 0, 1, 1, 1));
            sim.fails("web", "raised/bad");
            assertThat(sim.inFlight("web")).containsExactly("raised/item");
            sim.ok("web", "raised/item");
        }
    }

    @Test
    void breakOnFailSkipsTheRestOfTheList() {
        sim.running("web", onDeath("died", failing("bad", List.of(), BREAK_ON_FAIL, KEEP_ON_FAIL), restart(REARM)));
        sim.die("web");
        sim.fails("web", "died/bad");
        assertThat(sim.started()).isEmpty();
        assertThat(sim.told()).contains("list-broken-off died/bad");
        assertThat(sim.exists("web")).isFalse();
    }
}
