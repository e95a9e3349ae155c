package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.api.Upgrade;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.ExitStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyTest {
    private static final long HAM = 50;
    private static final long MS = 1_000_000;

    @TempDir
    private Path folder;

    private final FakeMachine machine = new FakeMachine();
    private final FakeMirror mirror = new FakeMirror();
    private final FakeFramework framework = new FakeFramework();
    private FakeRole role;
    private Standby standby;
    private long now;
    private long count;

    @BeforeEach
    void standBy() throws IOException {
        role = new FakeRole(folder);
        role.guarded = Optional.of(machine.add(HAM));
        standby = new Standby(framework.context(), role, mirror, machine, machine, new FakeReactor());
        beat();
    }

    private void beat() {
        role.page().write(Line.HAM, new Beat(HAM, ++count, now, 1, true));
    }

    private long turn(long afterMs) {
        now += afterMs * MS;
        return standby.turned(1, now);
    }

    private void turns(int times) {
        for (int i = 0; i < times; i++) {
            turn(200);
        }
    }

    @Test
    void aDeadHamIsReplaced() {
        turn(0);
        machine.die(HAM, ExitStatus.signalled(9, false));
        assertThat(role.asked).isEmpty();
        turn(1);
        turn(1);
        assertThat(role.asked).containsExactly("TOOK_OVER");
        assertThat(machine.signals).isEmpty();
    }

    @Test
    void theDeathOfTheThreadThatLedIsEnough() {
        turn(0);
        role.futexes.die();
        // Told in mid-turn: what was written last may not have been read.
        assertThat(turn(1)).isZero();
        assertThat(role.asked).isEmpty();
        assertThat(turn(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(role.asked).containsExactly("ahead TOOK_OVER");
        assertThat(machine.signals).containsExactly("9 to 50");
        assertThat(role.futexes.held).isTrue();
        turns(100);
        assertThat(role.asked).hasSize(1);
    }

    @Test
    void whoIsTooLateToClaimWaitsForTheEndOfTheProcess() {
        role.futexes.die();
        role.futexes.claimedByAnother();
        turn(1);
        turn(1);
        assertThat(role.asked).isEmpty();
        assertThat(machine.signals).isEmpty();
        machine.die(HAM, ExitStatus.signalled(9, false));
        turn(1);
        assertThat(role.asked).containsExactly("TOOK_OVER");
    }

    @Test
    void aHamThatIsBeingStoppedIsNotReplacedAhead() {
        mirror.stopping = true;
        role.futexes.die();
        turn(1);
        turn(1);
        assertThat(role.asked).isEmpty();
        machine.die(HAM, ExitStatus.exited(0));
        turn(1);
        assertThat(role.asked).containsExactly("leave 0");
        assertThat(machine.signals).isEmpty();
    }

    @Test
    void aHamWhosePartsAreBeingReplacedHasLonger() {
        turn(0);
        role.page().write(Line.HAM, new Beat(HAM, ++count, now, 1, false, true));
        turns(149);
        assertThat(machine.signals).isEmpty();
        turns(2);
        assertThat(machine.signals).containsExactly("9 to 50");
    }

    @Test
    void theHamsOwnLoopIsWhoLeadsUntilItEnds() {
        role.primary = true;
        assertThat(turn(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(role.futexes.held).isTrue();
        standby.ended();
        assertThat(role.futexes.held).isFalse();
        assertThat(role.futexes.marked)
                .as("it still leads, by the core that comes")
                .isTrue();
        role.word().release();
        assertThat(role.futexes.marked).isFalse();
    }

    @Test
    void aHamThatLeadsNoMoreLeavesNoMark() {
        role.primary = true;
        turn(0);
        role.word().release();
        standby.ended();
        assertThat(role.futexes.held).isFalse();
        assertThat(role.futexes.marked).isFalse();
    }

    @Test
    void aHamWhoseWordAnotherHasTakenLeaves() {
        role.primary = true;
        role.futexes.claimedByAnother();
        turns(3);
        assertThat(role.futexes.held).isFalse();
        assertThat(role.asked).containsExactly("leave 1");
    }

    @Test
    void aHamThatWasStoppedIsNotReplaced() {
        machine.die(HAM, ExitStatus.exited(0));
        mirror.stopping = true;
        turn(1);
        assertThat(role.asked).containsExactly("leave 0");
    }

    @Test
    void aHamThatHangsIsKilledAndReplaced() {
        turns(1);
        // Three seconds, and the beat that it may just have been about to make.
        turns(15);
        assertThat(machine.signals).isEmpty();
        turns(1);
        assertThat(machine.signals).containsExactly("9 to 50");
        turns(20);
        assertThat(machine.signals).containsExactly("9 to 50");
        assertThat(role.asked).containsExactly("FENCED");
    }

    @Test
    void aHamThatBeatsIsLeftAlone() {
        for (int i = 0; i < 200; i++) {
            beat();
            turn(200);
        }
        assertThat(machine.signals).isEmpty();
        assertThat(role.asked).isEmpty();
    }

    @Test
    void theLoopIsAskedToTurnAgainByTheNextBeatAtTheLatest() {
        assertThat(turn(0)).isEqualTo(FakeRole.BEAT.toNanos());
        turns(15);
        assertThat(turn(150)).isEqualTo(50 * MS);
    }

    @Test
    void aHamThatHasNotBeatenYetHasUntilTheStartLimit() {
        role.page().clear(Line.HAM);
        turns(1 + 149);
        assertThat(machine.signals).isEmpty();
        turns(1);
        assertThat(machine.signals).containsExactly("9 to 50");
    }

    @Test
    void whoIsTheHamWatchesNobody() {
        role.guarded = Optional.empty();
        assertThat(turn(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoIsTheSuccessorLeadsAsSoonAsTheHamHasLetGo() {
        turn(0);
        role.futexes.othersLead = true;
        mirror.leader = FakeMachine.ME;
        assertThat(turn(1)).isLessThan(MS);
        assertThat(role.asked).isEmpty();
        role.futexes.othersLead = false;
        turn(1);
        assertThat(role.asked).containsExactly("ahead HANDED_OVER");
        assertThat(role.futexes.held).isTrue();
        machine.die(HAM, ExitStatus.exited(0));
        turns(100);
        assertThat(role.asked).hasSize(1);
        assertThat(machine.signals).isEmpty();
    }

    @Test
    void aHamThatHangsWhileItHandsOverIsKilled() {
        turn(0);
        mirror.leader = FakeMachine.ME;
        role.futexes.othersLead = true;
        turns(16);
        assertThat(machine.signals).containsExactly("9 to 50");
        role.futexes.othersLead = false;
        turn(1);
        assertThat(role.asked).containsExactly("ahead HANDED_OVER");
    }

    @Test
    void whoIsNotTheSuccessorWatchesTheSuccessorFromThenOn() {
        turn(0);
        candidate(60);
        mirror.leader = 60;
        turn(1);
        assertThat(role.asked).containsExactly("guard 60");
        assertThat(role.futexes.watches).isEqualTo(1);
        assertThat(machine.watched()).isEqualTo(1);
        // What becomes of the one before is nobody's concern any more.
        machine.die(HAM, ExitStatus.exited(0));
        turns(2);
        assertThat(role.asked).hasSize(1);
        machine.die(60, ExitStatus.signalled(9, false));
        turn(1);
        assertThat(role.asked).containsExactly("guard 60", "TOOK_OVER");
    }

    /** The new HAM started its own Guardian, this process, and died on probation; the old Guardian took over, and starts another one. */
    @Test
    void whoFollowedAHamThatHasAnotherGuardianLeaves() {
        turn(0);
        candidate(60);
        mirror.leader = 60;
        turn(1);
        mirror.guardian = 70;
        turn(1);
        assertThat(role.asked).as("the upgrade is not over").containsExactly("guard 60");
        mirror.upgrade = null;
        mirror.guardian = 0;
        turn(1);
        mirror.guardian = FakeMachine.ME;
        turn(1);
        assertThat(role.asked).as("no other one is ready").containsExactly("guard 60");
        mirror.guardian = 70;
        turns(2);
        assertThat(role.asked).containsExactly("guard 60", "leave 0");
    }

    @Test
    void whoStandsByForTheHamThatStartedItDoesNotAskWhoElseDoes() {
        turn(0);
        mirror.guardian = 70;
        turns(2);
        assertThat(role.asked).isEmpty();
    }

    @Test
    void aSuccessorThatDoesNotLeadIsKilled() {
        turn(0);
        candidate(60);
        mirror.leader = 60;
        turns(1 + 17);
        assertThat(machine.signals).containsExactly("9 to 60");
        turn(1);
        assertThat(role.asked).containsExactly("guard 60", "FENCED");
    }

    @Test
    void aSuccessorThatIsDeadAlreadyIsReplaced() {
        turn(0);
        candidate(60);
        machine.die(60, ExitStatus.exited(0));
        mirror.leader = 60;
        machine.die(HAM, ExitStatus.exited(0));
        turn(1);
        assertThat(role.asked).containsExactly("TOOK_OVER");
    }

    private void candidate(long pid) {
        mirror.upgrade = new Upgrade("/a", "/b", pid, List.of());
        machine.add(pid);
        role.page().write(Line.OTHER_GUARDIAN, new Beat(pid, 1, now, 1, true));
    }

    @Test
    void aNumberThatTheJournalKnowsFromBeforeIsNoLeader() {
        // The line that tells of the HAM waits in its memory; an entity has the number of the one before.
        machine.add(60);
        mirror.leader = 60;
        turns(3);
        mirror.leader = HAM;
        turns(3);
        assertThat(role.asked).isEmpty();
        assertThat(machine.watched()).isEqualTo(1);
    }

    @Test
    void whoHasTheNumberOfAFormerHamIsNotItsSuccessor() {
        mirror.leader = FakeMachine.ME;
        turns(3);
        assertThat(role.asked).isEmpty();
    }

    @Test
    void withoutAnUpgradeWhoGuardsADeadHamFollowsNoOther() {
        turn(0);
        candidate(60);
        mirror.upgrade = null;
        mirror.leader = 60;
        turn(1);
        assertThat(role.asked).isEmpty();
        machine.die(HAM, ExitStatus.exited(0));
        turn(1);
        assertThat(role.asked).containsExactly("TOOK_OVER");
    }

    @Test
    void aProcessThatDoesNotBeatIsNoHam() {
        turn(0);
        mirror.upgrade = new Upgrade("/a", "/b", 60, List.of());
        machine.add(60);
        mirror.leader = 60;
        turns(3);
        assertThat(role.asked).isEmpty();
    }

    @Test
    void whoIsNotUpToDateBelievesNoOldLeader() {
        mirror.caughtUp = false;
        machine.add(60);
        mirror.leader = 60;
        turns(3);
        assertThat(role.asked).isEmpty();
    }

    @Test
    void nothingIsLeftBehindWhenItEnds() {
        assertThat(framework.services).hasSize(1);
        assertThat(machine.watched()).isEqualTo(1);
        assertThat(role.futexes.watches).isEqualTo(1);
        standby.close();
        assertThat(role.futexes.watches).isZero();
        assertThat(framework.services).isEmpty();
        assertThat(machine.watched()).isZero();
    }
}
