package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.api.Beating.MISSED_HIGH;
import static org.ham.api.Beating.MISSED_LOW;
import static org.ham.detector.heartbeat.World.MS;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.ham.api.Beating;
import org.ham.api.HeartbeatSpec;
import org.ham.detector.heartbeat.World.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is accused, when exactly, and who is not. In simulated time. */
class JudgeTest {
    private final World world = new World();

    // ---- what is found ----

    @ParameterizedTest
    @CsvSource({"1,1,2", "100,2,5", "100,1,1", "500,3,3", "10000,2,0", "10000,0,3", "3600000,1,2"})
    void marksAreExactToTheBeat(int periodMs, int low, int high) {
        var client = world.client("web", periodMs, low, high, Math.max(1, periodMs / 3));
        world.run(20L * periodMs * MS + 12_345);
        assertThat(low == 1 && periodMs == 1 ? 0 : world.verdicts.size()).isZero();
        client.threads.getFirst().hang();
        var last = client.lastBeat();
        world.run(20L * periodMs * MS);
        var at = world.verdicts.stream().map(Verdict::at).toList();
        var expected = new java.util.ArrayList<Long>();
        if (low > 0) {
            expected.add(last + low * periodMs * MS);
        }
        if (high > 0) {
            expected.add(last + high * periodMs * MS);
        }
        assertThat(at).isEqualTo(expected);
    }

    @Test
    void theLowMarkComesFirstWhenBothAreEqual() {
        world.client("web", 100, 3, 3, 50).threads.getFirst().hang();
        world.run(1000 * MS);
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_LOW, MISSED_HIGH);
        assertThat(world.verdicts).extracting(Verdict::missed).containsOnly(3);
    }

    @Test
    void oneThatNeverBeatIsFoundFromTheMomentItWasToldOf() {
        world.client("web", HeartbeatSpec.of(Duration.ofMillis(100), 2, 5), Long.MAX_VALUE)
                .threads
                .getFirst()
                .hang();
        var begun = world.mono;
        world.run(1000 * MS);
        assertThat(world.verdicts)
                .containsExactly(
                        new Verdict("web", MISSED_LOW, 2, begun + 200 * MS),
                        new Verdict("web", MISSED_HIGH, 5, begun + 500 * MS));
    }

    @Test
    void oneHungThreadIsAMissThoughAllOthersGoOn() {
        var client = world.client("web", 100, 2, 5, 50);
        world.thread(client, 60 * MS);
        var hanging = world.thread(client, 70 * MS);
        world.run(2000 * MS);
        assertThat(world.verdicts).isEmpty();
        hanging.hang();
        var last = hanging.beatAt;
        world.run(2000 * MS);
        assertThat(world.verdicts).first().isEqualTo(new Verdict("web", MISSED_LOW, 2, last + 200 * MS));
    }

    @Test
    void aThreadThatEndsItsRegistrationIsNotMissed() {
        var client = world.client("web", 100, 2, 5, 50);
        var thread = world.thread(client, 60 * MS);
        world.run(500 * MS);
        thread.taken = false;
        thread.hang();
        world.run(5000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void theProcessItselfNeedNotBeatWhereItsThreadsDo() {
        var client = world.client("web", HeartbeatSpec.of(Duration.ofMillis(100), 2, 5), Long.MAX_VALUE);
        client.threads.getFirst().hang();
        world.thread(client, 60 * MS);
        world.run(5000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void beatsThatComeByAnotherWayCount() {
        var client = world.client("script", HeartbeatSpec.of(Duration.ofMillis(100), 2, 5), Long.MAX_VALUE);
        client.threads.getFirst().hang();
        world.relay("script");
        for (int i = 0; i < 50; i++) {
            world.run(90 * MS);
            world.relay("script");
        }
        assertThat(world.verdicts).isEmpty();
        var last = world.mono;
        world.run(1000 * MS);
        assertThat(world.verdicts).first().isEqualTo(new Verdict("script", MISSED_LOW, 2, last + 200 * MS));
    }

    @Test
    void aLateBeatDoesNotHealButResetsTheWayToTheHighMark() {
        var client = world.client("web", 100, 2, 5, 50);
        world.run(500 * MS);
        var thread = client.threads.getFirst();
        thread.hang();
        world.run(400 * MS);
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_LOW);
        thread.every = 50 * MS;
        thread.next = world.mono;
        world.run(5000 * MS);
        assertThat(world.verdicts).hasSize(1);
        assertThat(world.healed).isEmpty();
        thread.hang();
        var last = thread.beatAt;
        world.run(1000 * MS);
        assertThat(world.verdicts).last().isEqualTo(new Verdict("web", MISSED_HIGH, 5, last + 500 * MS));
    }

    @Test
    void beatsThatHealThemselvesAreToldOf() {
        var spec = new HeartbeatSpec(Duration.ofMillis(100), 2, 5, true);
        var client = world.client("web", spec, 50 * MS);
        world.run(500 * MS);
        var thread = client.threads.getFirst();
        thread.hang();
        world.run(2000 * MS);
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_LOW, MISSED_HIGH);
        assertThat(world.healed).isEmpty();
        thread.every = 50 * MS;
        thread.next = world.mono;
        world.run(200 * MS);
        assertThat(world.healed).containsExactly("web");
        world.monitor(client, Beating.OK);
        world.run(2000 * MS);
        assertThat(world.verdicts).hasSize(2);
        assertThat(world.healed).hasSize(1);
    }

    @Test
    void whatWasKnownBeforeIsNotToldAgain() {
        var client = world.client("web", 100, 2, 5, 50);
        client.threads.getFirst().hang();
        world.forget("web");
        world.monitor(client, MISSED_LOW);
        world.run(1000 * MS);
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_HIGH);
    }

    @Test
    void aForgottenEntityIsNotLookedAt() {
        world.client("web", 100, 2, 5, 50).threads.getFirst().hang();
        world.forget("web");
        world.run(5000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    // ---- nobody is accused falsely ----

    @Test
    void theHamWasStopped() {
        world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            world.runWithoutHam(i * 71 * MS);
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void theHamCollectedGarbageBetweenClockAndBeat() {
        world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            world.stopHamInMidTurn(i * 71 * MS);
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void theWholeMachineWasPaused() {
        world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            world.pauseMachine(i * 71 * MS, 5 * MS);
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void theMachineSlept() {
        world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            world.sleep(3_600_000 * MS, 5 * MS);
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    /** As by a disk that takes its time: beats wait for the core, or their senders do. */
    @Test
    void theCoreWasHeldUp() {
        var client = world.client("script", HeartbeatSpec.of(Duration.ofMillis(100), 2, 5), Long.MAX_VALUE);
        client.threads.getFirst().hang();
        for (int i = 1; i < 50; i++) {
            world.relay("script");
            world.run(90 * MS);
            world.holdCoreUp(i * 71 * MS);
            world.run(70 * MS);
        }
        assertThat(world.verdicts).isEmpty();
    }

    @Test
    void aHangIsFoundOnceTheCoreIsNoLongerHeldUp() {
        aHangIsFoundAfter(world::holdCoreUp);
    }

    @Test
    void aCoreThatHasMuchToDoDelaysButDoesNotPrevent() {
        var client = world.client("web", 100, 2, 5, 90);
        world.run(1000 * MS);
        client.threads.getFirst().hang();
        var last = client.lastBeat();
        for (int i = 0; i < 20; i++) {
            world.holdCoreUp(2 * HoldUps.USUAL);
        }
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_LOW);
        assertThat(world.verdicts.getFirst().at()).isBetween(last + 400 * MS - 3 * HoldUps.USUAL, last + 600 * MS);
    }

    @Test
    void whoLooksDoesNotTurnAndTurnWhileTheCoreIsHeldUp() {
        var client = world.client("web", 100, 2, 5, 90);
        world.run(1000 * MS);
        client.threads.getFirst().hang();
        var turns = world.turns;
        world.holdCoreUp(10_000 * MS);
        assertThat(world.turns - turns).isLessThan(10_000 / 25 + 20);
    }

    @Test
    void anotherHamTookOver() {
        world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            world.takeOver(i * 71 * MS);
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"FROZEN", "TRACED"})
    void theClientHadAnExcuse(Excuse excuse) {
        var client = world.client("web", 100, 2, 3, 90);
        for (int i = 1; i < 50; i++) {
            world.run(i * 37 * MS);
            client.excuse = excuse;
            client.pause(world.mono, world.mono + i * 71 * MS);
            world.run(i * 71 * MS);
            client.excuse = Excuse.NONE;
        }
        world.run(1000 * MS);
        assertThat(world.verdicts).isEmpty();
        client.threads.getFirst().hang();
        world.run(1000 * MS);
        assertThat(world.verdicts).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"-3600000", "3600000"})
    void theClientLivesInAnotherTimeNamespace(long offsetMs) {
        var client = world.client("web", 100, 2, 3, 90);
        client.clockOffset = offsetMs * MS;
        client.threads.getFirst().every = 150 * MS;
        world.run(20_000 * MS);
        assertThat(world.verdicts).isEmpty();
        client.threads.getFirst().hang();
        var last = client.lastBeat();
        world.run(1000 * MS);
        assertThat(world.verdicts).hasSize(2);
        assertThat(world.verdicts.getFirst().at()).isBetween(last + 200 * MS, last + 400 * MS);
    }

    @Test
    void aHangDuringAStopOfTheHamIsFoundAfterwards() {
        aHangIsFoundAfter(world::runWithoutHam);
    }

    private void aHangIsFoundAfter(LongConsumer disturbance) {
        var client = world.client("web", 100, 2, 5, 90);
        world.run(1000 * MS);
        client.threads.getFirst().hang();
        disturbance.accept(10_000 * MS);
        assertThat(world.verdicts).isEmpty();
        var resumed = world.mono;
        world.run(5000 * MS);
        assertThat(world.verdicts).extracting(Verdict::mark).containsExactly(MISSED_LOW, MISSED_HIGH);
        assertThat(world.verdicts.getFirst().at()).isBetween(resumed + 100 * MS, resumed + 300 * MS);
    }

    @Test
    void whoIsWellIsLookedAtOnceAPeriodAtTheMost() {
        var client = world.client("web", 100, 3, 5, 40);
        world.run(10_000 * MS);
        assertThat(world.verdicts).isEmpty();
        assertThat(client.looks).isLessThanOrEqualTo(100);
    }
}
