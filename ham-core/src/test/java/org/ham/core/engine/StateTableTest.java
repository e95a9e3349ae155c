package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries every cell of the table in {@code docs/states.md}. */
class StateTableTest {
    private static final String NAME = "web";

    static List<Cell> cells() throws IOException {
        return Cell.ofTable("| state | attach");
    }

    @Test
    void theTableHasEveryStateAndEvent() throws IOException {
        assertThat(cells()).hasSize(7 * 9);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCellIsTrue(Cell cell) {
        var sim = in(cell.state());
        assertThat(state(sim)).isEqualTo(cell.state());
        var before = sim.state;
        var decision = sim.apply(input(sim, cell.event()));
        if (cell.result().equals("–")) {
            assertThat(decision.lines()).isEmpty();
            assertThat(decision.refusal()).isNull();
            assertThat(sim.state).isEqualTo(before);
        } else if (cell.result().startsWith("refused ")) {
            assertThat(decision.refusal()).isNotNull();
            assertThat(Objects.requireNonNull(decision.refusal()).code().errno())
                    .isEqualTo(cell.result().substring("refused ".length()));
            assertThat(sim.state).isEqualTo(before);
        } else {
            assertThat(decision.refusal()).isNull();
            assertThat(state(sim)).isEqualTo(cell.result());
        }
    }

    private static Sim in(String state) {
        var sim = new Sim();
        if (state.equals("absent")) {
            return sim;
        }
        sim.apply(attach(false, null, false));
        switch (state) {
            case "unattached" -> {}
            case "starting" -> sim.apply(attach(true, null, false));
            case "running" -> sim.apply(attach(false, sim.process(), false));
            case "dead" -> {
                sim.apply(attach(true, sim.process(), false));
                sim.die(NAME);
            }
            case "restarting" -> {
                sim.apply(attach(true, sim.process(), false));
                sim.die(NAME);
                sim.ok(NAME, "died/log");
            }
            case "detaching" -> {
                sim.apply(attach(true, sim.process(), false));
                sim.apply(new Input.Detach(NAME));
            }
            default -> throw new AssertionError("unknown state " + state);
        }
        return sim;
    }

    private static Input.Attach attach(boolean start, @Nullable ProcessId process, boolean update) {
        return new Input.Attach(
                NAME,
                start ? Sim.START : null,
                process,
                Set.of(),
                List.of(
                        Sim.onDeath("died", Sim.log("log", ActionFlag.REARM), Sim.restart(ActionFlag.REARM)),
                        Sim.condition("left", ConditionType.DETACH, Set.of(ConditionFlag.REARM), Sim.log("bye"))),
                update);
    }

    private static Input input(Sim sim, String event) {
        var entity = sim.state.entity(NAME).orElse(null);
        var pending = entity == null ? null : entity.pending();
        return switch (event) {
            case "attach with start" -> attach(true, null, false);
            case "attach with pid" -> attach(false, sim.process(), false);
            case "attach placeholder" -> attach(false, null, false);
            case "declare" -> attach(true, null, true);
            case "detach" -> new Input.Detach(NAME);
            case "death" ->
                new Input.Died(
                        NAME,
                        entity == null || entity.process() == null ? sim.process() : entity.process(),
                        ExitReason.exited(1));
            case "started" -> new Input.Started(NAME, pending == null ? "other" : pending.invocation(), sim.process());
            case "start failed" -> new Input.StartFailed(NAME, pending == null ? "other" : pending.invocation(), "no");
            case "action done" -> {
                var flying = entity == null
                        ? null
                        : entity.lanes().stream()
                                .map(l -> l.head().invocation())
                                .filter(i -> i != null && (pending == null || !i.equals(pending.invocation())))
                                .findFirst()
                                .orElse(null);
                yield new Input.Finished(NAME, flying == null ? "other" : flying, true, "");
            }
            default -> throw new AssertionError("unknown event " + event);
        };
    }

    private static String state(Sim sim) {
        return sim.state
                .entity(NAME)
                .map(e -> e.status() == Entity.Status.DEAD && e.pending() != null
                        ? "restarting"
                        : Definitions.word(e.status()))
                .orElse("absent");
    }
}
