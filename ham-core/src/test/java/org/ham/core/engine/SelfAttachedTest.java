package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.ActionFlag.REARM;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;
import static org.ham.core.engine.Sim.restart;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.junit.jupiter.api.Test;

/**
 * A program that attached itself: its kept names after a restart, and its lost connection. Points 4 and 7 of those that
 * are easy to get wrong.
 */
class SelfAttachedTest {
    private final Sim sim = new Sim();

    @Test
    void aSelfAttachedProgramDeclaresItsKeptNamesAgainAfterARestart() {
        var died = onDeath("died", restart(REARM));
        attachSelf("web", sim.process());
        sim.apply(new Input.Attach("web", Sim.START, null, Set.of(), List.of(died), true));
        sim.die("web");
        sim.startSucceeds("web");
        var started = Objects.requireNonNull(sim.entity("web").process());
        sim.clear();
        // It is who HAM has just started, and says all that it said the first time.
        attachSelf("web", started);
        assertThat(sim.apply(new Input.AddCondition("web", died)).refusal()).isNull();
        assertThat(sim.apply(new Input.AddAction("web", "died", restart(REARM))).refusal())
                .isNull();
        assertThat(sim.told()).containsExactly("joined");
        assertThat(sim.entity("web").process()).isEqualTo(started);
        assertThat(sim.entity("web").conditions()).hasSize(1);
        // Another process under its name is refused, and so is another definition.
        assertThat(code(self("web", sim.process()))).isEqualTo(Code.EXISTS);
        assertThat(code(new Input.AddCondition("web", condition("died", ConditionType.DETACH, Set.of()))))
                .isEqualTo(Code.EXISTS);
    }

    @Test
    void losingTheConnectionWithoutADetachIsADeath() {
        var process = sim.process();
        attachSelf("web", process);
        sim.apply(new Input.AddCondition("web", onDeath("died", log("log"))));
        sim.clear();
        sim.apply(new Input.Lost("web", process));
        assertThat(sim.told()).startsWith("connection-lost", "death", "condition-true died", "action-started died/log");
        assertThat(sim.line("death").orElseThrow().reason()).hasValue(ExitReason.UNKNOWN);
        sim.ok("web", "died/log");
        assertThat(sim.exists("web")).isFalse();
    }

    private static Input.AttachSelf self(String name, ProcessId process) {
        return new Input.AttachSelf(name, process, null, null, Set.of(), 0);
    }

    private void attachSelf(String name, ProcessId process) {
        assertThat(sim.apply(self(name, process)).refusal()).isNull();
    }

    private Code code(Input input) {
        return Objects.requireNonNull(sim.apply(input).refusal(), "it was not refused")
                .code();
    }
}
