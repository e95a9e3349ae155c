package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.api.Upgrade;
import org.ham.guardian.BeatPage.Beat;
import org.ham.linux.ExitStatus;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgraderTest {
    private static final long GUARDIAN = 200;
    private static final long CANDIDATE = 201;
    private static final long MS = 1_000_000;
    private static final Actor ASKING = Actor.part("test");

    @TempDir
    private Path folder;

    private final FakeMachine machine = new FakeMachine();
    private final FakeMirror mirror = new FakeMirror();
    private final FakeFramework framework = new FakeFramework();
    private final List<String> missing = new CopyOnWriteArrayList<>();
    private Path fresh = Path.of("");
    private FakeRole role;
    private @Nullable GuardianKeeper keeper;
    private @Nullable Upgrader upgrader;
    private long now;

    /** Why this process leads. */
    private record Reign(Reason reason, long predecessor) implements Primary {}

    @BeforeEach
    void lead() throws IOException {
        role = new FakeRole(folder);
        role.primary = true;
        role.command = List.of("/opt/old/bin/ham-node", "-Dham.run.dir=x");
        fresh = Files.createDirectories(folder.resolve("new"));
        var node =
                Files.createFile(Files.createDirectories(fresh.resolve("bin")).resolve("ham-node"));
        assertThat(node.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(fresh.resolve("bundles"));
        Files.createDirectories(fresh.resolve("lib"));
    }

    @AfterEach
    void close() {
        if (upgrader != null) {
            upgrader.close();
        }
        if (keeper != null) {
            keeper.close();
        }
    }

    private Upgrader upgrader() {
        return java.util.Objects.requireNonNull(upgrader);
    }

    private void start(Primary reign) {
        keeper = new GuardianKeeper(ham(), reign, framework.context(), role, mirror, machine, machine);
        await().until(() -> machine.watched() == 1);
        var completeness = new Completeness() {
            @Override
            public List<String> missing() {
                return missing;
            }

            @Override
            public boolean mayBeReady() {
                return true;
            }
        };
        upgrader =
                new Upgrader(ham(), reign, framework.context(), role, mirror, machine, machine, keeper, completeness);
    }

    /** Only its being there counts. */
    private static Supervisor ham() {
        return (Supervisor) Proxy.newProxyInstance(
                Supervisor.class.getClassLoader(), new Class<?>[] {Supervisor.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method + " is not expected");
                });
    }

    private void startAndGuard() {
        start(new Reign(Primary.Reason.STARTED, 0));
        beats(BeatPage.Line.GUARDIAN, GUARDIAN);
    }

    private void beats(BeatPage.Line line, long pid) {
        role.page().write(line, new Beat(pid, 1, now, 1, true));
        turn();
    }

    private void turn() {
        now += MS;
        java.util.Objects.requireNonNull(keeper).turned(1, now);
        if (upgrader != null) {
            upgrader.turned(1, now);
        }
    }

    private long begin() {
        return upgrader().begin(fresh, Optional.empty(), List.of(), ASKING);
    }

    private void told(String what) {
        await().untilAsserted(() -> assertThat(mirror.told).contains(what));
    }

    @Test
    void theOtherOneGetsReadyBesideTheGuardianAndThenLeads() {
        startAndGuard();
        assertThat(begin()).isEqualTo(CANDIDATE);
        var spawn = machine.spawned.getLast();
        assertThat(spawn.command())
                .containsExactly(fresh.resolve("bin/ham-node").toString(), "-Dham.run.dir=x");
        assertThat(spawn.environment())
                .containsEntry("HAM_GUARDIAN_OF", "100")
                .containsEntry("HAM_STANDS_BY", "candidate")
                .containsEntry("HAM_GUARDIAN_LINE", "other");
        assertThat(mirror.told).contains("upgrading from /opt/old to " + fresh + " by 201");
        beats(BeatPage.Line.OTHER_GUARDIAN, CANDIDATE);
        told("handed over to 201");
        assertThat(role.asked).contains("end at once");
        assertThat(machine.livingGuardians()).contains(GUARDIAN, CANDIDATE);
    }

    @Test
    void theOtherOneDoesNotBeatInTheLineOfTheGuardian() {
        // Somebody has the number of one that beat there long ago, so the Guardian beats in the other line.
        machine.add(60);
        role.page().write(BeatPage.Line.GUARDIAN, new Beat(60, 5, 1, 1, true));
        start(new Reign(Primary.Reason.STARTED, 0));
        assertThat(machine.spawned.getLast().environment()).containsEntry("HAM_GUARDIAN_LINE", "other");
        beats(BeatPage.Line.OTHER_GUARDIAN, GUARDIAN);
        begin();
        assertThat(machine.spawned.getLast().environment()).doesNotContainKey("HAM_GUARDIAN_LINE");
    }

    @Test
    void oneThatDiesIsGivenUp() {
        startAndGuard();
        begin();
        machine.die(CANDIDATE, ExitStatus.exited(1));
        told("upgrade failed: the new HAM, process 201, is of no use: it exited with code 1");
        assertThat(mirror.told).noneMatch(line -> line.startsWith("handed over"));
        assertThat(machine.livingGuardians()).containsExactly(GUARDIAN);
        begin();
    }

    @Test
    void oneThatIsNotReadyInTimeIsKilled() {
        startAndGuard();
        begin();
        role.page().write(BeatPage.Line.OTHER_GUARDIAN, new Beat(CANDIDATE, 1, now, 1, false));
        now += 61_000 * MS;
        turn();
        told("upgrade failed: the new HAM, process 201, is of no use: it was not ready within 60 s");
        assertThat(machine.signals).contains("9 to 201");
    }

    @Test
    void onlyOneAtATimeAndNoneWithoutAGuardian() {
        start(new Reign(Primary.Reason.STARTED, 0));
        assertThatThrownBy(this::begin).isInstanceOf(HamException.class).hasMessageContaining("no Guardian");
        beats(BeatPage.Line.GUARDIAN, GUARDIAN);
        begin();
        assertThatThrownBy(this::begin).hasMessageContaining("an upgrade is under way to " + fresh);
    }

    @Test
    void withoutAGuardianToFallBackOnNobodyHandsOver() {
        startAndGuard();
        begin();
        machine.die(GUARDIAN, ExitStatus.signalled(9, false));
        await().until(() -> machine.spawned.size() == 3 && machine.watched() == 2);
        beats(BeatPage.Line.OTHER_GUARDIAN, CANDIDATE);
        turn();
        assertThat(mirror.told).noneMatch(line -> line.startsWith("handed over"));
        beats(BeatPage.Line.GUARDIAN, CANDIDATE + 1);
        told("handed over to 201");
    }

    @Test
    void aStopEndsTheCandidateToo() {
        startAndGuard();
        begin();
        mirror.stopping = true;
        turn();
        await().until(() -> machine.signals.contains("9 to 201"));
    }

    private void leadOnProbation() throws IOException {
        // The Guardian of the old distribution is there and named.
        machine.add(GUARDIAN);
        role.runDir().nameGuardian(GUARDIAN);
        mirror.upgrade = onProbation(FakeMachine.ME, List.of());
        role.candidate = true;
        role.page().write(BeatPage.Line.GUARDIAN, new Beat(GUARDIAN, 1, now, 1, true));
        start(new Reign(Primary.Reason.HANDED_OVER, 50));
        turn();
    }

    @Test
    void afterItsProbationTheNewOneHasAGuardianOfItsOwn() throws IOException {
        machine.skipTo(CANDIDATE);
        leadOnProbation();
        assertThat(mirror.told).contains("started 200");
        await().until(() -> machine.watched() == 2);
        assertThat(machine.spawned).hasSize(1);
        assertThat(machine.spawned.getFirst().command()).contains("/opt/old/bin/ham-node");
        assertThat(machine.spawned.getFirst().environment()).containsEntry("HAM_STANDS_BY", "guardian");
        beats(BeatPage.Line.OTHER_GUARDIAN, CANDIDATE);
        told("upgraded");
        // Whoever hears of that may begin the next one at once.
        assertThat(machine.signals).contains("9 to 200");
        assertThat(role.runDir().namedGuardian()).isEqualTo(CANDIDATE);
        // The old one's end is no failure.
        machine.die(GUARDIAN, ExitStatus.exited(0));
        turn();
        assertThat(mirror.told).noneMatch(line -> line.startsWith("failed"));
    }

    @Test
    void oneThatWasUpgradedToCanBeUpgradedInItsTurn() throws IOException {
        machine.skipTo(CANDIDATE);
        leadOnProbation();
        await().until(() -> machine.watched() == 2);
        beats(BeatPage.Line.OTHER_GUARDIAN, CANDIDATE);
        told("upgraded");
        machine.die(GUARDIAN, ExitStatus.exited(0));
        assertThat(begin()).isEqualTo(CANDIDATE + 1);
        beats(BeatPage.Line.GUARDIAN, CANDIDATE + 1);
        told("handed over to 202");
        assertThat(role.asked).contains("end at once");
    }

    /** The HAM may die when its candidate is ready, which may be the first to take over then. */
    @Test
    void aCandidateThatTookOverBeforeTheHandOverIsOnProbationToo() throws IOException {
        machine.skipTo(CANDIDATE);
        role.candidate = true;
        role.startedBy = OptionalLong.of(50);
        mirror.upgrade = new Upgrade("/opt/old", fresh.toString(), FakeMachine.ME, List.of());
        start(new Reign(Primary.Reason.TOOK_OVER, 50));
        await().until(() -> machine.spawned.size() == 2);
        assertThat(machine.spawned.getLast().command()).contains("/opt/old/bin/ham-node");
        assertThat(machine.signals).isEmpty();
        assertThat(mirror.told).noneMatch(line -> line.startsWith("upgrade failed"));
    }

    @Test
    void oneThatIsNotWholeHandsBack() throws IOException {
        missing.add("Component x waits for y and does not run");
        leadOnProbation();
        told("upgrade failed: the new HAM is not whole: Component x waits for y and does not run");
        told("handed over to 200");
        assertThat(role.asked).contains("end at once");
    }

    @Test
    void whatComesUpLateIsWholeInTheEnd() throws IOException {
        machine.skipTo(CANDIDATE);
        missing.add("Component x waits for y and does not run");
        leadOnProbation();
        missing.clear();
        await().until(() -> machine.spawned.size() == 1);
        assertThat(mirror.told).noneMatch(line -> line.startsWith("upgrade failed"));
    }

    private Upgrade onProbation(long candidate, List<String> with) {
        return new Upgrade("/opt/old", fresh.toString(), candidate, with).proving();
    }

    @Test
    void theOldOneSaysWhyItLeadsAgain() {
        mirror.upgrade = onProbation(50, List.of("abc /conf/plugins/x.jar"));
        start(new Reign(Primary.Reason.FENCED, 50));
        told("upgrade failed: the new HAM, process 50, hung on probation; this is the old distribution again");
        told("alarm: /conf/plugins/x.jar did not come up and is left out: the new HAM, process 50, hung on probation;"
                + " this is the old distribution again. Take it away, or put a mended one in its place");
        assertThat(role.runDir().path().resolve("own/rejected")).hasContent("abc /conf/plugins/x.jar");
    }

    @Test
    void whoHasTheNumberOfANewHamThatDiedIsNotOnProbation() {
        mirror.upgrade = onProbation(FakeMachine.ME, List.of());
        start(new Reign(Primary.Reason.STARTED, 0));
        told("upgrade failed: HAM and Guardian died, and HAM was started anew");
        assertThat(mirror.told).doesNotContain("upgraded");
    }

    @Test
    void theGuardianOfANewHamThatDidNotLiveToSaySoEndsTheUpgrade() {
        mirror.upgrade = onProbation(60, List.of());
        role.startedBy = OptionalLong.of(60);
        start(new Reign(Primary.Reason.TOOK_OVER, 60));
        told("upgraded");
    }

    @Test
    void aCandidateOfALaterUpgradeOfWhichTheLinesAreLostDoesNot() {
        mirror.upgrade = onProbation(60, List.of());
        role.startedBy = OptionalLong.of(60);
        role.candidate = true;
        start(new Reign(Primary.Reason.TOOK_OVER, 60));
        told("upgrade failed: the new HAM, process 60, died on probation; this is the old distribution again");
        assertThat(mirror.told).doesNotContain("upgraded");
    }

    /** Who gets ready may die, and its number be that of the HAM that this process stood by for, or its own. */
    @Test
    void whatWasNotHandedOverHasNotGoneWell() {
        mirror.upgrade = new Upgrade("/opt/old", fresh.toString(), 60, List.of());
        role.startedBy = OptionalLong.of(60);
        start(new Reign(Primary.Reason.FENCED, 60));
        told("upgrade failed: the HAM of the old distribution was replaced before it handed over");
        assertThat(mirror.told).doesNotContain("upgraded");
    }

    @Test
    void whoHasTheNumberOfACandidateThatDiedIsNotOnProbation() {
        mirror.upgrade = new Upgrade("/opt/old", fresh.toString(), FakeMachine.ME, List.of());
        start(new Reign(Primary.Reason.TOOK_OVER, 60));
        told("upgrade failed: the HAM of the old distribution was replaced before it handed over");
    }

    @Test
    void theOldGuardianThatTookOverGivesTheUpgradeUp() {
        machine.add(60, Map.of("HAM_STANDS_BY", "candidate", "HAM_GUARDIAN_OF", "50"));
        mirror.upgrade = new Upgrade("/opt/old", fresh.toString(), 60, List.of());
        start(new Reign(Primary.Reason.TOOK_OVER, 50));
        told("upgrade failed: the HAM of the old distribution was replaced before it handed over");
        assertThat(machine.signals).contains("9 to 60");
    }
}
