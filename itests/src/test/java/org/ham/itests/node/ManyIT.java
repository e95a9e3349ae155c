package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many entities, many restarts. {@code -Dham.entities=1000 -Dham.restarts=10000} makes the long campaigns. */
class ManyIT {
    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @Test
    void allKilledInOneInstantAllComeBackOnce() {
        int count = Integer.getInteger("ham.entities", 100);
        IntStream.range(0, count).forEach(i -> ham.restarted("e" + i, "sleep", "100000"));
        ham.start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> ham.entities().size(), n -> n == count);
        ham.awaitMirrored();
        for (int round = 1; round <= 3; round++) {
            var pids = ham.entities().values().stream()
                    .map(e -> e.get("pid").getAsLong())
                    .toList();
            HamInstance.killTogether(pids);
            var expected = round;
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> ham.entities().values().stream()
                                    .filter(e -> e.get("restarts").getAsInt() == expected
                                            && e.get("status").getAsString().equals("running"))
                                    .count(),
                            n -> n == count);
        }
        assertThat(ham.processesByEntity())
                .hasSize(count)
                .allSatisfy((_, n) -> assertThat(n).isEqualTo(1));
    }

    @Test
    void manyRestartsOfOneEntityLeakNothing() throws IOException {
        var restarts = Integer.getInteger("ham.restarts", 300);
        ham.settings("journal: {segment-bytes: 262144}\nguardian: {hang-after: 30s}\n")
                .restarted("quick", "sh", "-c", "exit 0")
                .restarted("calm", "sleep", "100000");
        ham.start();
        ham.awaitMirrored();
        awaitRestarts(restarts / 3);
        var hamPid = ham.hamPid();
        var guardianPid = ham.guardianPid();
        var descriptors = List.of(descriptors(hamPid), descriptors(guardianPid));
        var threads = List.of(threads(hamPid), threads(guardianPid));
        awaitRestarts(restarts);
        System.out.println("descriptors " + descriptors + " -> "
                + List.of(descriptors(hamPid), descriptors(guardianPid)) + ", threads " + threads + " -> "
                + List.of(threads(hamPid), threads(guardianPid)) + ", resident kB "
                + List.of(resident(hamPid), resident(guardianPid)) + ", journal bytes " + journalBytes());
        assertThat(descriptors(hamPid)).isLessThanOrEqualTo(descriptors.getFirst() + 8);
        assertThat(descriptors(guardianPid)).isLessThanOrEqualTo(descriptors.getLast() + 8);
        assertThat(threads(hamPid)).isLessThanOrEqualTo(threads.getFirst() + 8);
        assertThat(threads(guardianPid)).isLessThanOrEqualTo(threads.getLast() + 8);
        assertThat(journalBytes()).as("the journal is bounded").isLessThan(262_144L * 12);
        assertThat(ham.processes("calm")).hasSize(1);
        assertThat(ham.status().get("hamFailures").getAsInt()).isZero();
    }

    private void awaitRestarts(int wanted) {
        Awaitility.await(wanted + " restarts")
                .atMost(Duration.ofMinutes(20))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> ham.entity("quick").get("restarts").getAsInt(), n -> n >= wanted);
    }

    private static long descriptors(long pid) throws IOException {
        try (var files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        }
    }

    private static long threads(long pid) throws IOException {
        try (var files = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return files.count();
        }
    }

    private static long resident(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(l -> l.startsWith("VmRSS:"))
                .map(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0L);
    }

    private long journalBytes() throws IOException {
        try (var files = Files.walk(ham.runDir.resolve("journal"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }
}
