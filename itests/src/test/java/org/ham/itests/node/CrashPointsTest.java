package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The list of crash points in the documentation is the agent's own. */
final class CrashPointsTest {
    @Test
    void thePageListsAllPoints() {
        assertThat(CrashPoints.listed("Points")).containsExactlyElementsOf(CrashPoints.methods());
        assertThat(CrashPoints.methods()).containsAll(CrashPoints.listed("Not reached"));
    }

    @Test
    void aCrashIsReadAsItIsWritten() {
        var crash = new Crash(Situation.TAKEOVER, "Leader.append took-over after", 3, 250);
        assertThat(crash).hasToString("TAKEOVER/Leader.append+took-over+after/3/250");
        assertThat(Crash.of(crash.toString())).isEqualTo(crash);
        assertThat(Crash.method(crash.point())).isEqualTo("Leader.append");
    }
}
