package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries every cell of the table of heartbeats in {@code docs/states.md}. */
class HeartbeatTableTest {
    private static final String NAME = "web";
    private static final String SUSPENDED = "suspended";

    static List<Cell> cells() throws IOException {
        return Cell.ofTable("| heartbeat |");
    }

    @Test
    void theTableHasEveryStateAndEvent() throws IOException {
        assertThat(cells()).hasSize(6 * 7);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCellIsTrue(Cell cell) {
        var sim = in(cell.state());
        assertThat(state(sim)).isEqualTo(cell.state());
        var before = sim.state;
        sim.clear();
        apply(sim, cell.event());
        if (cell.result().equals("–")) {
            assertThat(sim.lines).isEmpty();
            assertThat(sim.effects).isEmpty();
            assertThat(sim.state).isEqualTo(before);
        } else {
            assertThat(state(sim)).isEqualTo(cell.result());
        }
        assertThat(isWatched(sim)).isEqualTo(Set.of("ok", "missed low").contains(state(sim)));
    }

    private static Sim in(String state) {
        var sim = new Sim();
        sim.apply(new Input.Attach(
                NAME,
                Sim.START,
                sim.process(),
                Set.of(),
                List.of(Sim.onDeath("died", Sim.restart(ActionFlag.REARM))),
                HeartbeatSpec.of(Duration.ofSeconds(1), 2, 5),
                false));
        if (state.contains("low")) {
            apply(sim, "missed low");
        }
        if (state.contains("high")) {
            apply(sim, "missed high");
        }
        if (state.startsWith(SUSPENDED)) {
            apply(sim, "suspend");
        }
        return sim;
    }

    private static void apply(Sim sim, String event) {
        var process = Objects.requireNonNull(sim.entity(NAME).process());
        switch (event) {
            case "missed low" -> sim.apply(new Input.Missed(NAME, process, Beating.MISSED_LOW, 2));
            case "missed high" -> sim.apply(new Input.Missed(NAME, process, Beating.MISSED_HIGH, 5));
            case "beats again" -> sim.apply(new Input.BeatsAgain(NAME, process));
            case "healthy" -> sim.apply(new Input.Heal(NAME, 0));
            case "suspend" -> sim.apply(new Input.Heartbeats(false));
            case "resume" -> sim.apply(new Input.Heartbeats(true));
            case "restarted" -> {
                sim.die(NAME);
                sim.startSucceeds(NAME);
            }
            default -> throw new AssertionError("unknown event " + event);
        }
    }

    private static String state(Sim sim) {
        var beating = sim.entity(NAME).health().beating();
        var word = beating == Beating.OK ? "ok" : beating.word().replace('-', ' ');
        return sim.state.suspended() ? (SUSPENDED + " " + word.replace("missed ", "")).replace(" ok", "") : word;
    }

    /** What the monitors would have been told in all, from the start on. */
    private static boolean isWatched(Sim sim) {
        return !sim.state.suspended() && sim.entity(NAME).isMonitored();
    }
}
