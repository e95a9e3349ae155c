package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.ham.guardian.Readiness.Waiting;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Waiting SERVICE = new Waiting("service", Set.of("Ham"), List.of("Primary"));
    private static final Waiting CLIENT = new Waiting("client", Set.of("Door"), List.of("Ham"));
    private static final Waiting GUEST = new Waiting("guest", Set.of(), List.of("Door"));
    private static final Waiting BROKEN = new Waiting("broken", Set.of(), List.of("Door", "Nobody"));

    @Test
    void aGuardianIsCompleteThoughThoseThatActWait() {
        assertThat(Readiness.unexpected(List.of(GUEST, CLIENT, SERVICE), Set.of("Primary")))
                .isEmpty();
    }

    @Test
    void whoWaitsForSomethingElseIsFound() {
        assertThat(Readiness.unexpected(List.of(BROKEN, GUEST, CLIENT, SERVICE), Set.of("Primary")))
                .containsExactly(BROKEN);
    }

    @Test
    void inTheHamNobodyMayWait() {
        assertThat(Readiness.unexpected(List.of(GUEST, CLIENT), Set.of())).containsExactly(GUEST, CLIENT);
    }
}
