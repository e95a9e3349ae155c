package org.ham.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A budget of fresh seeds, every seed that once found something, and that a seed is a history. */
class SimulationTest {
    private static final long SEEDS = Long.getLong("ham.simulation.seeds", 150);
    private static final long STEPS = Long.getLong("ham.simulation.steps", 600);

    @TempDir
    private Path folder;

    @Test
    void theSameSeedIsTheSameHistory() {
        for (var seed : new long[] {1, 2, 3}) {
            var first = Simulation.run(seed, STEPS, folder, 1);
            var second = Simulation.run(seed, STEPS, folder, 1);
            assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
            assertThat(second.counts()).isEqualTo(first.counts());
        }
    }

    @Test
    void differentSeedsAreDifferentHistories() {
        assertThat(Simulation.run(1, STEPS, folder, 1).hash())
                .isNotEqualTo(Simulation.run(2, STEPS, folder, 1).hash());
    }

    @Test
    void freshSeedsFindNothing() throws IOException, InterruptedException {
        var first = Long.getLong("ham.simulation.seed", new SplittableRandom().nextLong(1L << 40));
        var options = new Campaign.Options(SEEDS, STEPS, first, 2, Simulation.TOLD);
        assertThat(new Campaign(options, System.out).run()).isEmpty();
    }

    /** Each line of the resource: seed, steps, and what it found. */
    static Stream<Arguments> found() throws IOException {
        try (var file = SimulationTest.class.getResourceAsStream("found.txt")) {
            assertThat(file).as("found.txt").isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(line -> line.split(" ", 3))
                            .map(parts -> Arguments.of(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("found")
    void whatWasFoundStaysMended(long seed, long steps, String what) {
        var result = Simulation.run(seed, steps, folder, Simulation.TOLD);
        assertThat(result.why())
                .as("%s: %s%n%s", what, result.audit(), result.last())
                .isEmpty();
    }
}
