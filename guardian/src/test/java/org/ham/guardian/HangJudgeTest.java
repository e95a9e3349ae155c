package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HangJudgeTest {
    private static final long MS = 1_000_000;
    private static final Duration BEAT = Duration.ofMillis(200);
    private static final long HANG_AFTER = 3_000 * MS;

    private final HangJudge judge = new HangJudge(BEAT);
    private long now = 17;
    private long count;
    private long silent;

    private void tick(long afterMs) {
        now += afterMs * MS;
        silent = judge.tick(now, count);
    }

    private void ticks(int times, long everyMs) {
        for (int i = 0; i < times; i++) {
            tick(everyMs);
        }
    }

    @Test
    void aBeatingProcessIsNeverSilentForLongerThanItsBeat() {
        for (int i = 0; i < 1000; i++) {
            count++;
            tick(100);
            tick(100);
            assertThat(silent).isLessThanOrEqualTo(200 * MS);
        }
    }

    @Test
    void aHungProcessIsFoundAtTheMark() {
        tick(0);
        ticks(14, 200);
        assertThat(silent).isEqualTo(2_800 * MS).isLessThan(HANG_AFTER);
        tick(200);
        assertThat(silent).isEqualTo(HANG_AFTER);
    }

    @Test
    void theFirstLookAccusesNobodyWhateverTheClockShows() {
        now = 3_600_000 * MS;
        tick(0);
        assertThat(silent).isZero();
    }

    @Test
    void nobodyIsAccusedAfterTheJudgeItselfWasStopped() {
        tick(0);
        ticks(14, 200);
        tick(60_000);
        assertThat(silent).isZero();
        ticks(14, 200);
        assertThat(silent).isLessThan(HANG_AFTER);
    }

    @Test
    void nobodyIsAccusedWhenBothWereStoppedAndTheJudgeWakesFirst() {
        tick(0);
        tick(30_000);
        ticks(10, 100);
        assertThat(silent).isLessThan(HANG_AFTER);
        count++;
        tick(100);
        assertThat(silent).isZero();
    }

    @Test
    void aJudgeThatIsStoppedAgainAndAgainAccusesNobody() {
        for (int i = 0; i < 100; i++) {
            tick(1_000);
            ticks(3, 200);
            assertThat(silent).isLessThan(HANG_AFTER);
        }
    }

    @Test
    void aHungProcessIsFoundAfterAStallOfTheJudgeToo() {
        tick(0);
        tick(30_000);
        ticks(15, 200);
        assertThat(silent).isEqualTo(HANG_AFTER);
    }

    @Test
    void aShortHiccupOfTheJudgeDoesNotHideAHang() {
        tick(0);
        ticks(5, 400);
        assertThat(silent).isEqualTo(2_000 * MS);
    }

    @Test
    void anyChangeOfTheCounterIsASignOfLife() {
        count = 1_000_000;
        tick(0);
        ticks(14, 200);
        count = 1;
        tick(200);
        assertThat(silent).isZero();
    }

    @Test
    void manyLooksInQuickSuccessionDoNotAddUpToMoreThanTheTimeThatPassed() {
        tick(0);
        ticks(1_000, 1);
        assertThat(silent).isEqualTo(1_000 * MS);
    }
}
