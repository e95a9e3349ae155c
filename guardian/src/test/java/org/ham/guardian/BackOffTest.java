package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration QUICK = Duration.ofMillis(50);
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final BackOff backOff = new BackOff(Limits.DEFAULT);

    @Test
    void aSettledGuardianIsReplacedAtOnce() {
        assertThat(backOff.pause(SETTLED)).isZero();
        assertThat(backOff.pause(SETTLED)).isZero();
    }

    @Test
    void quickDeathsDoubleThePauseUpToTheLongest() {
        assertThat(backOff.pause(QUICK)).isZero();
        assertThat(backOff.pause(QUICK)).isEqualTo(Duration.ofMillis(100));
        assertThat(backOff.pause(QUICK)).isEqualTo(Duration.ofMillis(200));
        for (int i = 0; i < 7; i++) {
            backOff.pause(QUICK);
        }
        assertThat(backOff.pause(QUICK)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void thePauseStaysAtTheLongestForEver() {
        for (int i = 0; i < 10_000; i++) {
            backOff.pause(QUICK);
        }
        assertThat(backOff.pause(QUICK)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aSettledLifeForgivesQuickDeaths() {
        for (int i = 0; i < 5; i++) {
            backOff.pause(QUICK);
        }
        assertThat(backOff.pause(SETTLED)).isZero();
        assertThat(backOff.pause(QUICK)).isEqualTo(Duration.ofMillis(100));
    }
}
