package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ham.linux.SharedPage;
import org.ham.spi.Primary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class RoleKeeperTest {
    @TempDir
    private Path folder;

    private final FakeMachine machine = new FakeMachine();
    private final FakeFramework framework = new FakeFramework();
    private final FakeFutexes futexes = new FakeFutexes();
    private Path runDir;

    @BeforeEach
    void place() {
        runDir = folder.resolve("run");
        framework.properties.put("ham.run.dir", runDir.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty("ham.exit.code");
        System.clearProperty("ham.exit.message");
    }

    @Test
    void whoGetsTheLockIsTheHam() throws IOException {
        var keeper = new RoleKeeper(framework.context(), machine, futexes, Map.of());
        await().until(() -> framework.services(Primary.class).size() == 1);
        var primary = framework.services(Primary.class).getFirst();
        assertThat(primary.reason()).isEqualTo(Primary.Reason.STARTED);
        assertThat(primary.predecessor()).isZero();
        // Those that the takeover does not need come after it.
        await().untilAsserted(() -> assertThat(framework.changed.get(primary)).isEqualTo(Map.of(Primary.LED, true)));
        assertThat(keeper.primary()).isTrue();
        assertThat(keeper.guarded()).isEmpty();
        assertThat(Files.readString(runDir.resolve("ham.lock"))).isEqualTo("100\n");
        keeper.close();
        assertThat(framework.services).isEmpty();
    }

    @Test
    void theLockIsFreeAgainAfterwards() throws IOException {
        new RoleKeeper(framework.context(), machine, futexes, Map.of()).close();
        var next = new RoleKeeper(framework.context(), machine, futexes, Map.of());
        assertThat(next.primary()).isTrue();
        next.close();
    }

    @Test
    void whoDoesNotGetItAndWasNotAskedLeavesWithCodeOne() throws IOException {
        Files.createDirectory(runDir);
        try (var other = RoleLock.open(runDir.resolve("ham.lock"))) {
            assertThat(other.take(50)).isTrue();
            var keeper = new RoleKeeper(framework.context(), machine, futexes, Map.of());
            await().until(() -> framework.state == Bundle.STOPPING);
            assertThat(keeper.primary()).isFalse();
            assertThat(framework.services).isEmpty();
            assertThat(System.getProperty("ham.exit.code")).isEqualTo("1");
            assertThat(System.getProperty("ham.exit.message"))
                    .contains("another HAM (process 50) holds " + runDir)
                    .contains("ham stop");
        }
    }

    @Test
    void aCandidateThatSharesAnotherPageLeavesItToTheHamAndSaysWhy() throws IOException {
        Files.createDirectory(runDir);
        machine.add(50);
        var page = runDir.resolve("beat.page");
        Stored.copy("beat-1", page);
        try (var other = SharedPage.open(page, 4096)) {
            other.setOpaque(8, 2);
        }
        try (var leader = RoleLock.open(runDir.resolve("ham.lock"))) {
            assertThat(leader.take(50)).isTrue();
            var candidate = Map.of("HAM_GUARDIAN_OF", "50", "HAM_STANDS_BY", "candidate");
            assertThatIOException().isThrownBy(() -> new RoleKeeper(framework.context(), machine, futexes, candidate));
            await().until(() -> framework.state == Bundle.STOPPING);
            assertThat(System.getProperty("ham.exit.code")).isEqualTo("1");
            assertThat(System.getProperty("ham.exit.message"))
                    .contains(page + " is of a HAM that shares version 2", "process 50 uses it", "'ham stop'");
            assertThat(leader.holder()).hasValue(50);
        }
        try (var left = SharedPage.open(page, 4096)) {
            assertThat(left.getOpaque(8)).isEqualTo(2);
        }
    }

    @Test
    void whoClaimedTheWordLeadsBeforeTheLockIsFree() throws IOException {
        Files.createDirectory(runDir);
        machine.add(50);
        var dying = RoleLock.open(runDir.resolve("ham.lock"));
        assertThat(dying.take(50)).isTrue();
        var keeper = new RoleKeeper(framework.context(), machine, futexes, Map.of("HAM_GUARDIAN_OF", "50"));
        assertThat(keeper.guarded()).isPresent();
        keeper.takeOverAhead(Primary.Reason.TOOK_OVER);
        await().until(() -> framework.services(Primary.class).size() == 1);
        assertThat(keeper.primary()).isTrue();
        assertThat(framework.services(Primary.class).getFirst().predecessor()).isEqualTo(50);
        // Who looks for the HAM finds it at once.
        assertThat(Files.readString(runDir.resolve("ham.lock"))).isEqualTo("100\n");
        dying.release();
        await().until(() -> isTaken(dying));
        keeper.close();
        assertThat(framework.services).isEmpty();
        dying.close();
    }

    /** As when it was stopped in between. */
    @Test
    void whoWantsToLeadAheadAfterAnotherHasComeToLeadLeavesItItsName() throws IOException {
        Files.createDirectory(runDir);
        machine.add(50);
        try (var other = RoleLock.open(runDir.resolve("ham.lock"))) {
            assertThat(other.take(50)).isTrue();
            var keeper = new RoleKeeper(framework.context(), machine, futexes, Map.of("HAM_GUARDIAN_OF", "50"));
            futexes.othersLead = true;
            keeper.takeOverAhead(Primary.Reason.HANDED_OVER);
            await().until(() -> framework.state == Bundle.STOPPING);
            assertThat(keeper.primary()).isFalse();
            assertThat(Files.readString(runDir.resolve("ham.lock"))).isEqualTo("50\n");
            keeper.close();
        }
    }

    @Test
    void whoFindsTheLockFreeWhileAnotherLeadsLeavesItToThatOne() throws IOException {
        Files.createDirectory(runDir);
        futexes.othersLead = true;
        try (var leader = RoleLock.open(runDir.resolve("ham.lock"))) {
            var waiting = Thread.ofPlatform().start(() -> {
                while (!take(leader)) {
                    Thread.onSpinWait();
                }
            });
            // Whichever of the two has it first, the one that leads ends up with it.
            var keeper = new RoleKeeper(framework.context(), machine, futexes, Map.of());
            waiting.join();
            assertThat(keeper.primary()).isFalse();
            await().until(() -> framework.state == Bundle.STOPPING);
            assertThat(System.getProperty("ham.exit.message")).contains("another HAM");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isTaken(RoleLock lock) throws IOException {
        var free = lock.take(50);
        lock.release();
        return !free;
    }

    private static boolean take(RoleLock lock) {
        try {
            return lock.take(50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRunDirThatCannotBeUsedEndsTheNodeWithAReason() throws IOException {
        Files.createFile(runDir);
        assertThatIOException().isThrownBy(() -> new RoleKeeper(framework.context(), machine, futexes, Map.of()));
        await().until(() -> framework.state == Bundle.STOPPING);
        assertThat(System.getProperty("ham.exit.message")).contains(runDir.toString());
    }
}
