package org.ham.detector.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.ham.api.HeartbeatSpec;
import org.junit.jupiter.api.Test;

/**
 * A thousand machines on which everything happens that must not lead to an alarm: none is raised. On the same machines clients
 * and threads hang: all are found, and where nothing disturbs, exactly at their mark.
 */
class RandomJudgeTest {
    private static final int SEEDS = 1_000;

    private World world = new World();
    private Random random = new Random(0);
    private final Map<String, Long> hung = new HashMap<>();

    @Test
    void noFalseAlarmAndEveryHangIsFound() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    private void run(long seed) {
        world = new World();
        random = new Random(seed);
        hung.clear();
        var base = 1 + random.nextInt(1_000);
        var names = new ArrayList<String>();
        for (int i = 0; i <= random.nextInt(6); i++) {
            names.add("e" + i);
            client("e" + i, base * (1 + random.nextInt(10)));
        }
        var unit = base * World.MS;
        for (int i = 0; i < 40; i++) {
            world.run(random.nextLong(unit * 12));
            disturb(unit);
            assertThat(accused())
                    .as("seed %d, step %d: no false alarm", seed, i)
                    .isSubsetOf(hung.keySet());
            if (random.nextInt(20) == 0) {
                hang(names.get(random.nextInt(names.size())));
            }
        }
        world.run(unit * 200);
        assertThat(accused())
                .as("seed %d: those that hang, and only they, are found", seed)
                .isEqualTo(hung.keySet());
        calmHang(seed, names, unit);
    }

    /** Nothing disturbs any more: those that still beat hang one by one. */
    private void calmHang(long seed, List<String> names, long unit) {
        for (var name : names) {
            if (!hung.containsKey(name)) {
                var thread = hang(name);
                var client = Objects.requireNonNull(world.clients.get(name));
                var due =
                        thread.beatAt + client.spec.low() * client.spec.period().toNanos();
                world.run(unit * 200);
                assertThat(world.verdicts.stream()
                                .filter(v -> v.entity().equals(name))
                                .findFirst()
                                .orElseThrow()
                                .at())
                        .as("seed %d: %s is found at its mark", seed, name)
                        .isEqualTo(due);
            }
        }
    }

    private Set<String> accused() {
        var all = new HashSet<String>();
        world.verdicts.forEach(verdict -> all.add(verdict.entity()));
        return all;
    }

    private void client(String name, int periodMs) {
        var low = 2 + random.nextInt(4);
        var spec = HeartbeatSpec.of(Duration.ofMillis(periodMs), low, low + random.nextInt(4));
        var client = world.client(name, spec, every(periodMs));
        client.threads.getFirst().timer = random.nextBoolean();
        for (int i = 0; i < random.nextInt(3); i++) {
            world.thread(client, every(periodMs)).timer = random.nextBoolean();
        }
    }

    private long every(int periodMs) {
        return periodMs * World.MS / 100 * (40 + random.nextInt(55));
    }

    private World.Thread hang(String name) {
        var threads = Objects.requireNonNull(world.clients.get(name)).threads;
        var thread = threads.get(random.nextInt(threads.size()));
        thread.hang();
        hung.putIfAbsent(name, world.mono);
        return thread;
    }

    private void disturb(long unit) {
        var length = random.nextInt(4) == 0 ? random.nextLong(unit * 100) : random.nextLong(unit * 8);
        var later = random.nextLong(unit / 20 + 1);
        switch (random.nextInt(8)) {
            case 0 -> world.runWithoutHam(length);
            case 1 -> world.stopHamInMidTurn(length);
            case 2 -> world.pauseMachine(length, later);
            case 3 -> world.sleep(length, later);
            case 4 -> {
                if (hung.isEmpty()) {
                    world.takeOver(length);
                }
            }
            case 5 -> world.holdCoreUp(length);
            case 6 -> excused(Excuse.FROZEN, length);
            default -> excused(Excuse.TRACED, length);
        }
    }

    private void excused(Excuse excuse, long length) {
        var client = Objects.requireNonNull(world.clients.get("e0"));
        client.excuse = excuse;
        client.pause(world.mono, world.mono + length);
        world.run(length);
        client.excuse = Excuse.NONE;
    }
}
