package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ham.api.Event;
import org.ham.api.Upgrade;
import org.junit.jupiter.api.Test;

class HandOverTest {
    private final Sim sim = new Sim();

    private List<String> types() {
        return sim.lines.stream().map(Event::type).toList();
    }

    @Test
    void whoTakesOverOnPurposeCountsAsNoFailure() {
        sim.apply(new Input.HandedOver(20));
        assertThat(sim.state.successor()).isEqualTo(20);
        // Once: a second one would contradict the first.
        sim.apply(new Input.HandedOver(21));
        sim.apply(new Input.Led("handed-over", 20, 10, "x"));
        assertThat(types()).containsExactly("handed-over", "took-over");
        assertThat(sim.state.successor()).isZero();
        assertThat(sim.state.hamPid()).isEqualTo(20);
        assertThat(sim.state.hamFailures()).isZero();
    }

    @Test
    void aSuccessorThatDiedBeforeItLedIsAFailure() {
        sim.apply(new Input.HandedOver(20));
        sim.apply(new Input.Led("took-over", 30, 20, "x"));
        assertThat(sim.state.successor()).isZero();
        assertThat(sim.state.hamFailures()).isEqualTo(1);
    }

    @Test
    void anUpgradeIsKnownUntilItsEnd() {
        sim.apply(new Input.Upgrading("/a", "/b", 20, List.of("abc /x.jar")));
        var upgrade = new Upgrade("/a", "/b", 20, List.of("abc /x.jar"));
        assertThat(sim.state.upgrade()).isEqualTo(upgrade);
        sim.apply(new Input.Upgrading("/a", "/c", 21, List.of()));
        assertThat(sim.state.upgrade()).isEqualTo(upgrade);
        sim.apply(new Input.HandedOver(20));
        sim.apply(new Input.Led("handed-over", 20, 10, "x"));
        assertThat(sim.state.upgrade()).isEqualTo(upgrade.proving());
        sim.apply(new Input.UpgradeEnded(""));
        sim.apply(new Input.UpgradeEnded("too late"));
        assertThat(sim.state.upgrade()).isNull();
        assertThat(types()).containsExactly("upgrade-started", "handed-over", "took-over", "upgraded");
    }

    @Test
    void anUpgradeIsOnProbationOnceTheLeadHasGoneToItsCandidate() {
        sim.apply(new Input.Upgrading("/a", "/b", 20, List.of()));
        sim.apply(new Input.HandedOver(21));
        sim.apply(new Input.Led("handed-over", 21, 10, "x"));
        assertThat(sim.state.upgrade()).isEqualTo(new Upgrade("/a", "/b", 20, List.of()));
        // Also when the HAM died before it handed over.
        sim.apply(new Input.Led("took-over", 20, 21, "x"));
        assertThat(sim.state.upgrade()).isEqualTo(new Upgrade("/a", "/b", 20, List.of(), true));
    }

    @Test
    void aFailureIsToldWithItsReason() {
        sim.apply(new Input.Upgrading("/a", "/b", 20, List.of()));
        sim.apply(new Input.UpgradeEnded("it does not start"));
        var line = sim.lines.getLast();
        assertThat(line.type()).isEqualTo("upgrade-failed");
        assertThat(line.outcome()).contains("failed: it does not start");
        assertThat(line.data()).containsEntry("from", "/a").containsEntry("to", "/b");
    }
}
