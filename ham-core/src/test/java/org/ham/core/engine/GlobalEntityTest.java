package org.ham.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.core.engine.Sim.condition;
import static org.ham.core.engine.Sim.log;
import static org.ham.core.engine.Sim.onDeath;

import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.junit.jupiter.api.Test;

/** The entity that stands for all. Point 11 of those that are easy to get wrong. */
class GlobalEntityTest {
    private final Sim sim = new Sim();

    @Test
    void theGlobalEntityAlwaysExistsAndMatchesAnyEntity() {
        assertThat(sim.exists(HamPath.GLOBAL)).isTrue();
        sim.apply(new Input.AddCondition(HamPath.GLOBAL, onDeath("all", log("log"))));
        sim.running("web");
        sim.running("db");
        sim.die("db");
        sim.die("web");
        assertThat(sim.inFlight("db")).containsExactly("all/log");
        assertThat(sim.inFlight("web")).containsExactly("all/log");
    }

    @Test
    void ownConditionsComeBeforeThoseOfTheGlobalEntity() {
        sim.apply(new Input.AddCondition(HamPath.GLOBAL, condition("all", ConditionType.DEATH, Set.of(), log("log"))));
        sim.running("web", onDeath("own", log("log")));
        sim.die("web");
        assertThat(sim.told())
                .filteredOn(t -> t.startsWith("condition-true"))
                .containsExactly("condition-true own", "condition-true all");
        assertThat(sim.inFlight("web")).containsExactly("own/log");
        sim.ok("web", "own/log");
        assertThat(sim.inFlight("web")).containsExactly("all/log");
        sim.ok("web", "all/log");
        assertThat(sim.exists("web")).isFalse();
        assertThat(sim.entity(HamPath.GLOBAL).conditions()).hasSize(1);
    }

    @Test
    void theGlobalEntityCannotBeAttachedOrDetached() {
        assertThat(Objects.requireNonNull(sim.apply(Sim.attach(HamPath.GLOBAL)).refusal())
                        .code())
                .isEqualTo(Code.EXISTS);
        assertThat(Objects.requireNonNull(
                                sim.apply(new Input.Detach(HamPath.GLOBAL)).refusal())
                        .code())
                .isEqualTo(Code.INVALID);
    }
}
