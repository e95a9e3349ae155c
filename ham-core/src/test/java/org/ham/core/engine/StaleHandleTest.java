package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.onDeath;

import java.util.Objects;
import org.ham.api.HamException.Code;
import org.junit.jupiter.api.Test;

/** Handles of what has gone. Point 12 of those that are easy to get wrong. */
class StaleHandleTest {
    private final Sim sim = new Sim();

    @Test
    void aStaleHandleIsNotFoundAndNeverAnotherObjectOfThatName() {
        sim.running("web", onDeath("died"));
        var entity = sim.entity("web").id();
        var condition = sim.entity("web").condition("died").orElseThrow().id();
        sim.apply(new Input.Detach("web"));
        assertThat(code(new Input.ReportState("web", entity, 1))).isEqualTo(Code.NOT_FOUND);
        sim.running("web", onDeath("died"));
        assertThat(code(new Input.ReportState("web", entity, 1))).isEqualTo(Code.NOT_FOUND);
        assertThat(code(new Input.Remove("web", "died", null, null, condition))).isEqualTo(Code.NOT_FOUND);
        assertThat(sim.entity("web").state()).isZero();
        assertThat(sim.entity("web").conditions()).hasSize(1);
    }

    private Code code(Input input) {
        return Objects.requireNonNull(sim.apply(input).refusal(), "it was not refused")
                .code();
    }
}
