package org.ham.detector.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.ham.detector.notify.Proc.Kinship;
import org.ham.linux.Peer;
import org.ham.linux.ProcessRef;
import org.ham.spi.Roster.Member;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KinTest {
    private static final long HAM = 50;
    private static final long WEB = 100;
    private static final long DB = 200;

    private final FakeMachine machine = new FakeMachine();
    private final Kin kin = new Kin(machine, machine, FakeMachine.RUN_DIR);
    private final Senders senders = new Senders(machine, kin);

    @BeforeEach
    void twoEntities() {
        machine.process(1, 0, 1);
        machine.process(HAM, 1, HAM);
        machine.process(WEB, HAM, WEB);
        machine.process(DB, HAM, DB);
        machine.entity("web", WEB, true);
        machine.entity("db", DB, true);
        machine.started(WEB, "web", "i-1");
    }

    private Optional<String> quick(long pid) {
        return senders.quick(FakeMachine.peer(pid, 0)).map(Member::entity);
    }

    private Optional<String> thorough(long pid, long uid) {
        return senders.thorough(FakeMachine.peer(pid, uid)).map(Member::entity);
    }

    @Test
    void anEntitysOwnProcessSpeaksForIt() {
        assertThat(quick(WEB)).contains("web");
        assertThat(quick(DB)).contains("db");
    }

    @Test
    void itIsKnownAlsoWhenItHasEndedSince() {
        machine.processes.remove(WEB);
        var gone = new Peer(WEB, 0, 0, Optional.of(new ProcessRef(WEB, 0, WEB + 10_000, "boot")));
        assertThat(senders.quick(gone)).map(Member::entity).contains("web");
    }

    @Test
    void anotherProcessUnderThePidDoesNot() {
        machine.processes.put(WEB, new Kinship(1, WEB, WEB, 999));
        var other = new Peer(WEB, 0, 0, Optional.of(new ProcessRef(WEB, 999, 77_777, "boot")));
        assertThat(senders.quick(other)).isEmpty();
    }

    @Test
    void whereTheKernelTellsAPidOnlyTheStartTimeDecides() {
        assertThat(senders.quick(new Peer(WEB, 0, 0))).map(Member::entity).contains("web");
        machine.processes.put(WEB, new Kinship(1, WEB, WEB, 999));
        assertThat(senders.quick(new Peer(WEB, 0, 0))).isEmpty();
    }

    @Test
    void childrenAndTheirChildrenSpeakForIt() {
        machine.process(301, WEB, WEB);
        machine.process(302, 301, 302);
        assertThat(quick(302)).contains("web");
    }

    @Test
    void theNearestEntityCounts() {
        machine.process(301, WEB, WEB);
        machine.process(302, 301, WEB);
        machine.entity("worker", 301, false);
        assertThat(quick(302)).contains("worker");
    }

    @Test
    void orphansSpeakForItBySessionOrGroup() {
        machine.process(301, 1, WEB);
        assertThat(quick(301)).contains("web");
        machine.processes.put(302L, new Kinship(1, DB, 302, 302));
        assertThat(quick(302)).contains("db");
    }

    @Test
    void aSessionWhoseNumberIsAnotherProcessByNowIsNobodys() {
        machine.process(301, 1, WEB);
        machine.processes.put(WEB, new Kinship(1, WEB, WEB, 999));
        assertThat(quick(301)).isEmpty();
    }

    @Test
    void aParentThatIsYoungerIsNone() {
        machine.processes.put(90L, new Kinship(WEB, 90, 90, 90));
        assertThat(quick(90)).isEmpty();
    }

    @Test
    void strangersAreNobody() {
        machine.process(301, HAM, 301);
        machine.process(302, 1, 302);
        assertThat(quick(301)).isEmpty();
        assertThat(thorough(302, 0)).isEmpty();
        assertThat(thorough(999, 0)).isEmpty();
    }

    @Test
    void ancestorsAreFollowedOnlySoFar() {
        var parent = WEB;
        for (var pid = 400L; pid < 500; pid++) {
            machine.process(pid, parent, 400);
            parent = pid;
        }
        assertThat(quick(410)).contains("web");
        assertThat(quick(490)).isEmpty();
    }

    @Test
    void whoLeftTheSessionIsKnownByWhatItWasStartedWith() {
        machine.process(301, 1, 301);
        machine.started(301, "web", "i-1");
        assertThat(quick(301)).isEmpty();
        assertThat(thorough(301, 0)).contains("web");
    }

    @Test
    void anOrphanOfAnEarlierStartIsNobody() {
        machine.process(301, 1, 301);
        machine.started(301, "web", "i-0");
        assertThat(thorough(301, 0)).isEmpty();
    }

    @Test
    void anotherUserCannotClaimIt() {
        machine.process(301, 1, 301);
        machine.started(301, "web", "i-1");
        machine.users.put(WEB, 33L);
        assertThat(thorough(301, 1000)).isEmpty();
        assertThat(thorough(301, 33)).contains("web");
    }

    @Test
    void anEntityOfAnotherHamIsNobody() {
        machine.process(301, 1, 301);
        machine.environments.put(
                301L, Map.of("HAM_RUN_DIR", "/run/other", "HAM_ENTITY", "web", "HAM_INVOCATION_ID", "i-1"));
        assertThat(thorough(301, 0)).isEmpty();
    }

    @Test
    void theSessionOfTheStartStaysItsOwnWhenAnotherIsTheMainProcess() {
        machine.process(301, WEB, WEB);
        machine.process(302, 1, WEB);
        machine.started(302, "web", "whatever");
        machine.entity("web", 301, true);
        assertThat(thorough(302, 0)).contains("web");
        machine.entity("web", 301, false);
        assertThat(thorough(302, 0)).isEmpty();
    }
}
