package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.ham.api.Beating;
import org.junit.jupiter.api.Test;

/**
 * What missed beats come to. Point 6 of those that are easy to get wrong. That marks are exact to the beat and 0
 * disables one: {@code JudgeTest}.
 */
class MissedBeatsTest {
    private final Sim sim = new Sim();

    @Test
    void aMarkFiresItsConditionOnceAndNoOther() {
        var process = sim.beating(false);
        sim.missed(process, Beating.MISSED_LOW);
        sim.missed(process, Beating.MISSED_LOW);
        assertThat(sim.told().stream().filter("condition-true low"::equals)).hasSize(1);
        assertThat(sim.told()).doesNotContain("condition-true high");
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.told().stream().filter("condition-true high"::equals)).hasSize(1);
    }

    @Test
    void aMissKillsNothingByItself() {
        var process = sim.beating(false);
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.entity("web").process()).isEqualTo(process);
        assertThat(sim.entity("web").status()).isEqualTo(Entity.Status.RUNNING);
    }

    @Test
    void afterTheHighMarkNobodyListensUntilHeartbeatHealthyResumesTheMonitoring() {
        var process = sim.beating(false);
        sim.clear();
        sim.missed(process, Beating.MISSED_HIGH);
        assertThat(sim.effects).contains(new Effect.Forget("web"));
        sim.clear();
        sim.apply(new Input.Heal("web", 0));
        assertThat(sim.effects).singleElement().isInstanceOf(Effect.Monitor.class);
        assertThat(sim.entity("web").health().beating()).isEqualTo(Beating.OK);
    }
}
