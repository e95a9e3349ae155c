package org.ham.detector.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.api.EntityView;
import org.ham.api.HeartbeatView;
import org.ham.linux.PassedDescriptor;
import org.ham.spi.Supervisor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostboxTest {
    private static final long HAM = 50;
    private static final long WEB = 100;
    private static final long CHILD = 101;
    private static final long MS = 1_000_000;

    private final FakeMachine machine = new FakeMachine();
    private final Complaints complaints = new Complaints(() -> machine.now);
    private final Aside aside = new Aside(() -> {});
    private final Graces graces = new Graces(machine, machine);
    private final Postbox postbox = postbox();

    private Postbox postbox() {
        var kin = new Kin(machine, machine, FakeMachine.RUN_DIR);
        return new Postbox(
                kin,
                new Senders(machine, kin),
                new Sayings(machine, ham(), new Voices(machine, machine), graces),
                complaints,
                aside,
                () -> machine.now,
                machine::identify);
    }

    @BeforeEach
    void oneEntity() {
        machine.process(1, 0, 1);
        machine.process(HAM, 1, HAM);
        machine.process(WEB, HAM, WEB);
        machine.process(CHILD, WEB, WEB);
        machine.entity("web", WEB, true);
        machine.started(WEB, "web", "i-1");
    }

    @AfterEach
    void close() {
        aside.close();
    }

    /** A HAM that knows one entity, with a heartbeat of a second and marks at 2 and 5. */
    private static Supervisor ham() {
        var view = new EntityView(
                "web",
                "external",
                "running",
                OptionalLong.of(WEB),
                OptionalLong.of(WEB),
                0,
                true,
                0,
                "",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                1,
                Optional.of(new HeartbeatView(Duration.ofSeconds(1).toNanos(), 2, 5, false, "ok")),
                false,
                "loading",
                -1);
        return (Supervisor) Proxy.newProxyInstance(
                Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (_, method, _) -> {
                    assertThat(method.getName()).isEqualTo("entity");
                    return Optional.of(view);
                });
    }

    private void send(long pid, String text, PassedDescriptor... descriptors) {
        try (var datagram = FakeMachine.datagram(FakeMachine.peer(pid, 0), text, descriptors)) {
            postbox.accept(datagram);
        }
    }

    /** Waits until everything aside is done. */
    private void settle() {
        var done = new CountDownLatch(1);
        assertThat(aside.later(done::countDown)).isTrue();
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void told(String... what) {
        assertThat(machine.told).containsExactly(what);
        machine.told.clear();
    }

    @Test
    void whatItsOwnProcessAndItsChildrenSayIsReported() {
        send(WEB, "READY=1\nSTATUS=serving");
        told("ready web 100", "text web 100 serving", "beat web 100");
        send(CHILD, "WATCHDOG=1");
        told("beat web 100");
        send(WEB, "RELOADING=1\nMONOTONIC_USEC=12");
        send(WEB, "READY=1");
        send(WEB, "STOPPING=1");
        told("reloading web 100", "ready web 100", "beat web 100", "stopping web 100");
        assertThat(complaints.count()).isZero();
    }

    @Test
    void whatIsSaidTwiceIsReportedOnce() {
        send(WEB, "STOPPING=1\nSTATUS=bye");
        send(CHILD, "STOPPING=1\nSTATUS=bye");
        told("stopping web 100", "text web 100 bye");
    }

    @Test
    void aLaterProcessOfTheEntitySaysItAnew() {
        send(WEB, "STATUS=up");
        machine.process(300, HAM, 300);
        machine.entity("web", 300, true);
        send(300, "STATUS=up");
        told("text web 100 up", "text web 300 up");
    }

    @Test
    void aTriggeredWatchdogIsAMissedHighMark() {
        send(WEB, "WATCHDOG=trigger");
        told("missed-high 0 web 100");
    }

    @Test
    void anErrorIsPartOfTheText() {
        send(WEB, "ERRNO=2");
        send(WEB, "STATUS=cannot read\nERRNO=13");
        send(WEB, "STATUS=\nERRNO=0");
        told("text web 100 loading: error 2 (ENOENT)", "text web 100 cannot read: error 13 (EACCES)", "text web 100 ");
    }

    @Test
    void strangersAreRefused() {
        machine.process(300, HAM, 300);
        send(300, "READY=1");
        send(HAM, "READY=1");
        send(1, "WATCHDOG=1");
        send(999, "READY=1");
        settle();
        told();
        assertThat(complaints.count()).isEqualTo(4);
    }

    @Test
    void aStrangerIsNotLookedAtAgainForAWhile() {
        machine.process(300, HAM, 300);
        send(300, "READY=1");
        settle();
        // Were it looked at again, it would be one of the entity's now.
        machine.started(300, "web", "i-1");
        send(300, "READY=1");
        settle();
        told();
        machine.now += Postbox.STRANGER_NANOS;
        send(300, "READY=1");
        settle();
        told("ready web 100", "beat web 100");
    }

    @Test
    void aMainProcessOfItsOwnIsTaken() {
        send(WEB, "READY=1\nMAINPID=101");
        told("main web 100 to 101", "ready web 101", "beat web 101");
        // The core has not taken it up yet.
        send(WEB, "STATUS=a");
        send(CHILD, "WATCHDOG=1");
        told("text web 101 a", "beat web 101");
        machine.entity("web", CHILD, true);
        send(CHILD, "STATUS=b");
        told("text web 101 b");
    }

    @Test
    void aMainProcessThatTheCoreRefusedIsForgotten() {
        send(WEB, "MAINPID=101");
        machine.now += 1001 * MS;
        send(WEB, "WATCHDOG=1");
        told("main web 100 to 101", "beat web 100");
    }

    @Test
    void namingTheMainProcessThatItHasChangesNothing() {
        send(CHILD, "MAINPID=100\nREADY=1");
        told("ready web 100", "beat web 100");
    }

    @Test
    void aMainProcessOfAnotherEntityOrOfNobodyIsRefusedAndTheRestIsTaken() {
        machine.process(200, HAM, 200);
        machine.process(201, 200, 200);
        machine.entity("db", 200, true);
        machine.process(300, HAM, 300);
        for (var pid : List.of(200, 201, 300, 50, 1, 999)) {
            machine.started(pid, "web", "i-1");
            send(WEB, "MAINPID=" + pid + "\nSTATUS=" + pid);
            settle();
        }
        assertThat(complaints.count()).isEqualTo(6);
        told(
                "text web 100 200",
                "text web 100 201",
                // what only looks as if it was started with the entity
                "text web 100 300",
                "text web 100 50",
                "text web 100 1",
                "text web 100 999");
    }

    @Test
    void theMainProcessMustBeTheOneThatWasMeant() {
        send(WEB, "MAINPID=101\nMAINPIDFDID=5\nREADY=1");
        settle();
        told("ready web 100", "beat web 100");
        send(WEB, "MAINPID=101\nMAINPIDFDID=10101");
        told("main web 100 to 101");
    }

    @Test
    void aBarrierIsOpenedAtOnceWhoeverWaitsAtIt() {
        var closed = new AtomicInteger();
        send(999, "BARRIER=1", descriptor(closed::incrementAndGet));
        assertThat(closed).hasValue(1);
        told();
    }

    @Test
    void aBarrierIsOpenedAfterWhatIsBeingLookedAt() {
        var looking = new CountDownLatch(1);
        assertThat(aside.later(() -> awaitUninterruptibly(looking))).isTrue();
        machine.process(300, 1, 300);
        machine.started(300, "web", "i-1");
        send(300, "READY=1");
        send(300, "BARRIER=1", descriptor(() -> machine.told.add("open")));
        assertThat(machine.told).isEmpty();
        looking.countDown();
        settle();
        told("ready web 100", "beat web 100", "open");
    }

    @Test
    void otherDescriptorsAreClosed() {
        var closed = new AtomicInteger();
        send(WEB, "FDSTORE=1\nFDNAME=x", descriptor(closed::incrementAndGet), descriptor(closed::incrementAndGet));
        assertThat(closed).hasValue(2);
        told();
    }

    @Test
    void garbageIsRefused() {
        send(WEB, "");
        send(WEB, "READY=1\0STATUS=x");
        send(WEB, "X=1\n".repeat(200) + "READY=1");
        try (var cut = new org.ham.linux.Datagram(
                "READY=1".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                true,
                FakeMachine.peer(WEB, 0),
                List.of(),
                false)) {
            postbox.accept(cut);
        }
        told();
        assertThat(complaints.count()).isEqualTo(4);
    }

    @Test
    void aFloodIsThinnedOutAndItsEndIsKept() {
        for (var i = 0; i < 1000; i++) {
            send(WEB, "STATUS=" + i);
        }
        assertThat(machine.told).hasSize(Voices.BURST).endsWith("text web 100 " + (Voices.BURST - 1));
        machine.told.clear();
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Voices.PAUSE_NANOS);
        told();
        machine.now += Voices.PAUSE_NANOS;
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
        told("text web 100 999");
    }

    @Test
    void whoEndsIsHeardAtOnceThoughItSaidMuch() {
        for (var i = 0; i < 100; i++) {
            send(WEB, "STATUS=" + i);
        }
        machine.told.clear();
        send(WEB, "STOPPING=1\nSTATUS=the disk is full");
        told("stopping web 100", "text web 100 the disk is full");
        // Once: it could say so in a flood as well.
        send(WEB, "READY=1");
        send(WEB, "STOPPING=1\nSTATUS=really");
        told("beat web 100");
    }

    @Test
    void whoAskedForTimeCountsAsBeatingUntilItIsOver() {
        send(WEB, "EXTEND_TIMEOUT_USEC=60000");
        assertThat(graces.until("web")).isEqualTo(machine.now + 60 * MS);
        assertThat(postbox.turned(1, machine.now)).isEqualTo(25 * MS);
        machine.now += 25 * MS;
        assertThat(postbox.turned(1, machine.now)).isEqualTo(25 * MS);
        told("beat web 100", "beat web 100");
        machine.now += 36 * MS;
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
        told();
        assertThat(graces.until("web")).isZero();
    }

    @Test
    void whoIsReadyNeedsNoMoreTime() {
        send(WEB, "EXTEND_TIMEOUT_USEC=60000000");
        send(WEB, "READY=1");
        told("ready web 100", "beat web 100");
        assertThat(graces.until("web")).isZero();
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timeThatWasAskedForEndsWithTheProcess() {
        send(WEB, "EXTEND_TIMEOUT_USEC=99999999999999");
        assertThat(graces.until("web")).isEqualTo(machine.now + Graces.MOST_NANOS);
        machine.entities.clear();
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
        told();
        assertThat(graces.until("web")).isZero();
    }

    @Test
    void aLongerSilenceIsAddedToEachBeat() {
        send(WEB, "WATCHDOG_USEC=3000000");
        assertThat(graces.until("web")).isEqualTo(machine.now + 1000 * MS);
        machine.now += 900 * MS;
        send(WEB, "WATCHDOG=1");
        told("beat web 100");
        assertThat(graces.until("web")).isEqualTo(machine.now + 1000 * MS);
        machine.now += 1000 * MS;
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
        told();
        send(WEB, "WATCHDOG_USEC=1000000");
        send(WEB, "WATCHDOG=1");
        told("beat web 100");
        assertThat(postbox.turned(1, machine.now)).isEqualTo(Long.MAX_VALUE);
    }

    private static PassedDescriptor descriptor(Runnable closed) {
        return new PassedDescriptor() {
            @Override
            public int fd() {
                return 99;
            }

            @Override
            public void close() {
                closed.run();
            }
        };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
