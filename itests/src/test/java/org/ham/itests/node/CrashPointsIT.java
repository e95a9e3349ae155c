package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * HAM and Guardian die at every step there is, by a real SIGKILL of the real distribution, while entities are killed and programs
 * call. How to run the whole campaign, and what stands where: {@code docs/crash-points.md}.
 */
class CrashPointsIT {
    private static final Path OUT = Path.of(System.getProperty("ham.crash.out", "target/crash-points"));

    @Test
    void whereverItDiesNothingIsLostAndNothingIsDoubled() {
        var points = System.getProperty("ham.crash.points", "some");
        var seed = Long.getLong("ham.crash.seed", new Random().nextLong());
        var random = Integer.getInteger("ham.crash.random", 0);
        var seconds = Integer.getInteger("ham.crash.seconds", 60);
        System.out.println(
                "crash points: " + points + ", random " + random + ", seconds " + seconds + ", seed " + seed);
        try (var campaign = new CrashCampaign(OUT, seed, seconds)) {
            switch (points) {
                case "some" -> campaign.some();
                case "all" -> campaign.all(random);
                default ->
                    campaign.these(
                            Arrays.stream(points.split(";")).map(Crash::of).toList());
            }
            assertThat(campaign.failures())
                    .as("crashes after which something was not as it should be")
                    .isEmpty();
        }
    }
}
