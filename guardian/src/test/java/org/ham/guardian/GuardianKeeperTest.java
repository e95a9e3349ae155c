package org.ham.guardian;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.assertj.core.api.ThrowingConsumer;
import org.ham.guardian.BeatPage.Beat;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.ExitStatus;
import org.ham.spi.HeldSocket;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class GuardianKeeperTest {
    private static final long FIRST = 200;
    private static final long MS = 1_000_000;

    @TempDir
    private Path folder;

    private final FakeMachine machine = new FakeMachine();
    private final FakeMirror mirror = new FakeMirror();
    private final FakeFramework framework = new FakeFramework();
    private FakeRole role;
    private @Nullable GuardianKeeper keeper;
    private long now;

    @BeforeEach
    void lead() throws IOException {
        role = new FakeRole(folder);
        role.primary = true;
        framework.state = Bundle.ACTIVE;
    }

    private GuardianKeeper keeper() {
        return requireNonNull(keeper, "not started");
    }

    private void start() {
        keeper = new GuardianKeeper(ham(), new Reign(), framework.context(), role, mirror, machine, machine);
    }

    /** Whose thread does nothing more from a moment on. */
    private static final class Busy implements Hands {
        private final CountDownLatch over = new CountDownLatch(1);
        private @Nullable ScheduledExecutorService thread;

        /** Goes on. */
        void goOn() {
            over.countDown();
        }

        boolean isIdle() {
            var executor = (ScheduledThreadPoolExecutor) requireNonNull(thread);
            return executor.getQueue().isEmpty() && executor.getActiveCount() == 0;
        }

        void begin() {
            requireNonNull(thread).execute(() -> {
                try {
                    over.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public ScheduledExecutorService one(String name) {
            var made = Threads.REAL.one(name);
            thread = made;
            return made;
        }

        @Override
        public void end(ScheduledExecutorService executor, Duration limit) {
            executor.shutdown();
            over.countDown();
            Threads.REAL.end(executor, limit);
        }

        @Override
        public void start(String name, Runnable what) {
            Threads.REAL.start(name, what);
        }

        @Override
        public void halt() {
            throw new AssertionError();
        }

        @Override
        public void pause(Duration time) {
            Threads.REAL.pause(time);
        }
    }

    /** Only its being there counts. */
    private static Supervisor ham() {
        return (Supervisor) Proxy.newProxyInstance(
                Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method + " is not expected");
                });
    }

    private void startAndSpawn() {
        start();
        told(told -> assertThat(told).contains("started " + FIRST));
        await().until(() -> machine.watched() == 1);
    }

    @AfterEach
    void stop() {
        keeper().close();
    }

    private void told(ThrowingConsumer<List<String>> what) {
        await().untilAsserted(() -> what.accept(mirror.told));
    }

    private void guardianBeats(long count, boolean ready) {
        role.page().write(Line.GUARDIAN, new Beat(FIRST, count, now, 1, ready));
    }

    private void turn(long afterMs) {
        now += afterMs * MS;
        keeper().turned(1, now);
    }

    @Test
    void aGuardianIsStartedAndNamed() {
        startAndSpawn();
        assertThat(role.runDir().namedGuardian()).isEqualTo(FIRST);
        var spawn = machine.spawned.getFirst();
        assertThat(spawn.command()).containsExactly("ham-node");
        assertThat(spawn.environment()).containsEntry("HAM_GUARDIAN_OF", "100").containsKey("PATH");
        assertThat(spawn.output()).contains(role.runDir().log());
    }

    @Test
    void aGuardianHoldsTheSocketsThatAreServed() throws IOException {
        var path = Files.createFile(folder.resolve("notify.sock"));
        framework.held.add(new HeldSocket() {
            @Override
            public String name() {
                return "notify";
            }

            @Override
            public Path path() {
                return path;
            }

            @Override
            public int descriptor() {
                return 40;
            }
        });
        startAndSpawn();
        var spawn = machine.spawned.getFirst();
        assertThat(spawn.descriptors()).isEqualTo(Map.of(3, 40));
        assertThat(HeldSocket.inherited("notify", path, spawn.environment())).hasValue(3);
    }

    @Test
    void withoutACommandItSaysLoudlyThatItRunsUnmirrored() {
        role.command = List.of();
        start();
        told(told -> assertThat(told)
                .containsExactly("alarm: runs unmirrored: no ham.guardian.command says how to start a Guardian"));
        assertThat(machine.spawned).isEmpty();
    }

    @Test
    void aReadyGuardianIsToldOnceAndClearsTheAlarm() {
        startAndSpawn();
        guardianBeats(1, false);
        turn(0);
        guardianBeats(2, true);
        turn(200);
        turn(200);
        told(told -> assertThat(told).containsExactly("started 200", "ready 200", "alarm: "));
    }

    @Test
    void aDeadGuardianIsReportedAndReplacedAtOnce() {
        startAndSpawn();
        machine.die(FIRST, ExitStatus.signalled(11, true));
        told(told -> assertThat(told)
                .containsExactly(
                        "started 200",
                        "failed 200: was ended by SIGSEGV and dumped core",
                        "alarm: no Guardian: process 200 was ended by SIGSEGV and dumped core",
                        "started 201"));
        await().until(() -> role.runDir().namedGuardian() == FIRST + 1);
    }

    @Test
    void aGuardianThatHangsIsKilledAndReplaced() {
        startAndSpawn();
        guardianBeats(1, true);
        for (int i = 0; i < 17; i++) {
            turn(200);
        }
        told(told -> assertThat(told).contains("failed 200: hung: no beat for 3200 ms", "started 201"));
        assertThat(machine.signals).containsExactly("9 to 200");
    }

    @Test
    void aGuardianThatNeverBeatsIsReplacedAfterTheStartLimit() {
        startAndSpawn();
        for (int i = 0; i < 150; i++) {
            turn(200);
        }
        assertThat(machine.signals).isEmpty();
        turn(200);
        told(told -> assertThat(told).contains("failed 200: hung: no beat for 30000 ms"));
    }

    /** Such as one that stood by for a HAM whose lock file somebody deleted. */
    @Test
    void theBeatsOfAnotherGuardianInItsLineAreNotItsOwn() {
        startAndSpawn();
        for (int i = 0; i < 151; i++) {
            role.page().write(Line.GUARDIAN, new Beat(FIRST + 50, i, now, 1, true));
            turn(200);
        }
        told(told -> assertThat(told).contains("failed 200: hung: no beat for 30000 ms"));
        assertThat(mirror.told).doesNotContain("ready 200");
    }

    @Test
    void aGuardianThatCannotBeStartedIsTriedAgain() {
        machine.spawnFails = true;
        start();
        told(told -> assertThat(told).contains("alarm: no Guardian: cannot start it: no such program"));
        machine.spawnFails = false;
        told(told -> assertThat(told).contains("started 200"));
    }

    @Test
    void aStopEndsTheGuardianFirstAndThenThisProcess() {
        startAndSpawn();
        mirror.stopping = true;
        turn(1);
        await().until(() -> machine.signals.contains("15 to 200"));
        assertThat(role.asked).isEmpty();
        machine.die(FIRST, ExitStatus.exited(0));
        await().until(() -> role.asked.contains("leave 0"));
        assertThat(mirror.told).containsExactly("started 200");
        assertThat(machine.spawned).hasSize(1);
    }

    @Test
    void aStopWithoutAGuardianEndsThisProcess() {
        role.command = List.of();
        start();
        mirror.stopping = true;
        turn(1);
        await().until(() -> role.asked.contains("leave 0"));
    }

    @Test
    void whenOnlyTheBundleIsStoppedTheGuardianLivesAndIsFoundAgain() {
        startAndSpawn();
        guardianBeats(5, true);
        keeper().close();
        assertThat(machine.livingGuardians()).containsExactly(FIRST);
        start();
        await().until(() -> machine.watched() == 1);
        assertThat(machine.spawned).hasSize(1);
        machine.die(FIRST, ExitStatus.exited(3));
        told(told -> assertThat(told).contains("failed 200: exited with code 3", "started 201"));
    }

    @Test
    void aGuardianThatHasNotBeatenYetIsFoundAgainToo() {
        startAndSpawn();
        keeper().close();
        start();
        await().until(() -> machine.watched() == 1);
        assertThat(machine.spawned).hasSize(1);
    }

    @Test
    void aGuardianThatIsFoundAgainIsToldReady() {
        startAndSpawn();
        keeper().close();
        start();
        await().until(() -> machine.watched() == 1);
        guardianBeats(1, true);
        turn(1);
        told(told -> assertThat(told).contains("ready 200"));
    }

    @Test
    void whenTheWholeFrameworkStopsTheGuardianGoesFirst() {
        startAndSpawn();
        machine.dieOnTerm = true;
        framework.state = Bundle.STOPPING;
        keeper().close();
        assertThat(machine.signals).containsExactly("15 to 200");
        assertThat(machine.livingGuardians()).isEmpty();
        assertThat(role.runDir().namedGuardian()).isZero();
    }

    @Test
    void oneThatIsToReplaceItDoesSoThoughTheKeeperEndsJustThen() {
        var busy = new Busy();
        keeper = new GuardianKeeper(new Reign(), framework.context(), role, mirror, machine, machine, busy);
        told(told -> assertThat(told).contains("started " + FIRST));
        await().until(() -> machine.watched() == 1);
        busy.begin();
        keeper().replace(
                        new Standing(machine.add(FIRST + 1), Line.OTHER_GUARDIAN, role.settings(), now),
                        () -> mirror.told.add("replaced"));
        keeper().close();
        assertThat(mirror.told).endsWith("replaced");
        assertThat(machine.signals).containsExactly("9 to 200");
        assertThat(role.runDir().namedGuardian()).isEqualTo(FIRST + 1);
    }

    @Test
    void oneThatReplacesADeadOneIsNotJoinedByTheNextOfThat() {
        var busy = new Busy();
        keeper = new GuardianKeeper(new Reign(), framework.context(), role, mirror, machine, machine, busy);
        told(told -> assertThat(told).contains("started " + FIRST));
        await().until(() -> machine.watched() == 1);
        busy.begin();
        machine.die(FIRST, ExitStatus.signalled(9, false));
        keeper().replace(
                        new Standing(machine.add(FIRST + 1), Line.OTHER_GUARDIAN, role.settings(), now),
                        () -> mirror.told.add("replaced"));
        assertThat(mirror.told).doesNotContain("replaced");
        busy.goOn();
        told(told -> assertThat(told).containsSubsequence("started " + (FIRST + 1), "replaced"));
        await().until(busy::isIdle);
        assertThat(machine.spawned).hasSize(1);
    }

    /** Of a HAM that was started as such. */
    private record Reign() implements Primary {
        @Override
        public Reason reason() {
            return Reason.STARTED;
        }

        @Override
        public long predecessor() {
            return 0;
        }
    }
}
