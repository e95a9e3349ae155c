package org.ham.itests.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.itests.node.HamInstance.kill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * HAM and Guardian die, hang and are stopped, while entities die. {@code -Dham.takeovers=100} makes the long campaign of the
 * short test; {@code -Dham.seed=N} repeats one.
 */
class TakeoverIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @Test
    void killedAlternatelyNothingIsLostAndNothingDoubled() {
        var rounds = Integer.getInteger("ham.takeovers", 8);
        var seed = Long.getLong("ham.seed", new Random().nextLong());
        System.out.println("takeover campaign: rounds " + rounds + " seed " + seed);
        var random = new Random(seed);
        var names = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            names.add("e" + i);
            ham.restarted("e" + i, "sleep", "100000");
        }
        ham.settings("guardian: {hang-after: 30s}\n").start();
        ham.awaitMirrored();
        var shape = ham.shape();
        var deaths = new HashMap<String, Integer>();
        var pids = currentPids(names);
        for (int round = 0; round < rounds; round++) {
            var status = ham.awaitMirrored();
            var hamPid = status.getAsJsonObject("ham").get("pid").getAsLong();
            var guardianPid = status.getAsJsonObject("guardian").get("pid").getAsLong();
            var victims = new ArrayList<Long>();
            var node = round % 2 == 0 ? hamPid : guardianPid;
            names.stream().filter(_ -> random.nextInt(3) == 0).forEach(name -> {
                victims.add(pids.get(name));
                deaths.merge(name, 1, Integer::sum);
            });
            victims.add(random.nextInt(victims.size() + 1), node);
            HamInstance.killTogether(victims);
            ham.awaitMirrored(hamPid == node ? guardianPid : node);
            awaitAllAlive(names, pids, victims);
        }
        var end = ham.status();
        assertThat(end.get("hamFailures").getAsInt()).isEqualTo((rounds + 1) / 2);
        assertThat(end.get("guardianFailures").getAsInt()).isEqualTo(rounds / 2);
        assertThat(ham.shape()).isEqualTo(shape);
        var entities = ham.entities();
        for (var name : names) {
            assertThat(requireNonNull(entities.get(name)).get("restarts").getAsInt())
                    .as("every death of %s recovered exactly once (seed %d)", name, seed)
                    .isEqualTo(deaths.getOrDefault(name, 0));
        }
        assertThat(ham.processesByEntity())
                .containsOnlyKeys(names)
                .allSatisfy((_, n) -> assertThat(n).isEqualTo(1));
    }

    private Map<String, Long> currentPids(List<String> names) {
        var map = new HashMap<String, Long>();
        var entities = ham.entities();
        names.forEach(name ->
                map.put(name, requireNonNull(entities.get(name)).get("pid").getAsLong()));
        return map;
    }

    private void awaitAllAlive(List<String> names, Map<String, Long> pids, List<Long> dead) {
        Awaitility.await("all entities are back")
                .atMost(HamInstance.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    var entities = ham.entities();
                    for (var name : names) {
                        var entity = entities.get(name);
                        if (entity == null
                                || !entity.get("status").getAsString().equals("running")) {
                            return false;
                        }
                        var pid = entity.get("pid").getAsLong();
                        if (dead.contains(pid) || !HamInstance.isAlive(pid)) {
                            return false;
                        }
                        pids.put(name, pid);
                    }
                    return true;
                });
    }

    @Test
    void allKilledInOneInstantAndStartedAgainTheEntityIsBackOnce() {
        ham.restarted("web", "sleep", "100000")
                .restarted("calm", "sleep", "100000")
                .start();
        ham.awaitMirrored();
        var web = ham.pid("web");
        var calm = ham.pid("calm");
        var shape = ham.shape();
        var all = List.of(ham.hamPid(), ham.guardianPid(), web);
        HamInstance.killInOneInstant(all);
        Awaitility.await("all are gone")
                .atMost(HamInstance.PATIENCE)
                .until(() -> all.stream().noneMatch(HamInstance::isAlive));
        ham.start();
        var back = ham.awaitRestart("web", web);
        assertThat(ham.processes("web")).containsExactly(back);
        assertThat(ham.pid("calm")).isEqualTo(calm);
        assertThat(ham.shape()).isEqualTo(shape);
        assertThat(ham.status().get("hamFailures").getAsInt()).isEqualTo(1);
        assertThat(ham.status().get("guardianFailures").getAsInt()).isEqualTo(1);
    }

    @Test
    void aStoppedHamIsFencedAndReplaced() {
        ham.settings("guardian: {hang-after: 1s}\n")
                .restarted("web", "sleep", "100000")
                .start();
        var status = ham.awaitMirrored();
        var hung = status.getAsJsonObject("ham").get("pid").getAsLong();
        var guardian = status.getAsJsonObject("guardian").get("pid").getAsLong();
        var web = ham.pid("web");
        kill(hung, "STOP");
        kill(web, "KILL");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !HamInstance.isAlive(hung));
        assertThat(ham.hamPid()).isEqualTo(guardian);
        var back = ham.awaitRestart("web", web);
        assertThat(ham.processes("web")).containsExactly(back);
        var took = ham.events("took-over").getLast();
        assertThat(took.getAsJsonObject("data").get("how").getAsString()).isEqualTo("fenced");
        ham.awaitMirrored(guardian);
    }

    @Test
    void aStoppedGuardianIsNoticedAndReplaced() {
        ham.settings("guardian: {hang-after: 5s}\n").start();
        var status = ham.awaitMirrored();
        var hung = status.getAsJsonObject("guardian").get("pid").getAsLong();
        kill(hung, "STOP");
        ham.awaitMirrored(hung);
        assertThat(HamInstance.isAlive(hung)).isFalse();
        assertThat(ham.status().get("guardianFailures").getAsInt()).isEqualTo(1);
        assertThat(ham.status().get("hamFailures").getAsInt()).isZero();
    }

    @Test
    void aMachineThatSleptAccusesNobody() {
        ham.settings("guardian: {hang-after: 3s}\n").start();
        var status = ham.awaitMirrored();
        var both = List.of(
                status.getAsJsonObject("ham").get("pid").getAsLong(),
                status.getAsJsonObject("guardian").get("pid").getAsLong());
        HamInstance.signal("STOP", both);
        // Longer than hang-after; time itself is what is tested.
        Stall.pass(Duration.ofSeconds(6));
        HamInstance.signal("CONT", both.reversed());
        Stall.pass(Duration.ofSeconds(6));
        var after = ham.status();
        assertThat(after.get("hamFailures").getAsInt()).isZero();
        assertThat(after.get("guardianFailures").getAsInt()).isZero();
        assertThat(after.getAsJsonObject("ham").get("pid").getAsLong()).isEqualTo(both.getFirst());
    }

    @Test
    void aShortPauseOfTheHamIsNoHang() {
        ham.settings("guardian: {hang-after: 10s}\n").start();
        var pid = ham.awaitMirrored().getAsJsonObject("ham").get("pid").getAsLong();
        kill(pid, "STOP");
        Stall.pass(Duration.ofSeconds(3));
        kill(pid, "CONT");
        Stall.pass(Duration.ofSeconds(10));
        assertThat(ham.status().get("hamFailures").getAsInt()).isZero();
    }

    @Test
    void aListInProgressIsFinishedByTheNextHam() {
        ham.entity("web", """
                        start: [sleep, "100000"]
                        conditions:
                          died:
                            when: death
                            flags: [rearm]
                            actions:
                              - wait: {type: waitfor, delay: 2s, flags: [rearm]}
                              - restart: {flags: [rearm]}
                              - tell: {type: log, message: "web is back", flags: [rearm]}
                        """).start();
        ham.awaitMirrored();
        var web = ham.pid("web");
        kill(web, "KILL");
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> !ham.events("action-started").isEmpty());
        kill(ham.hamPid(), "KILL");
        var back = ham.awaitRestart("web", web);
        Awaitility.await()
                .atMost(HamInstance.PATIENCE)
                .until(() -> ham.ok("events"), text -> text.contains("web is back"));
        assertThat(ham.processes("web")).containsExactly(back);
    }
}
