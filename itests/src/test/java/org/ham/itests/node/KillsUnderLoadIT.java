package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.ham.api.Ham;
import org.ham.client.HamClient;
import org.ham.itests.client.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A supervised server is killed again and again under the load of eight threads that use it through the recovery library. {@code
 * -Dham.kills=1000} makes the long campaign, {@code -Dham.seed=N} repeats one.
 */
@Timeout(7200)
class KillsUnderLoadIT {
    /** Kept, or its level would be forgotten. A line for each recovery would be most of what is printed. */
    private static final Logger RECOVERY_LOG = Logger.getLogger("org.ham.recovery");

    private static final int WARM_UP = 3;

    /** Answers between a server's first and its death, at most. */
    private static final int MOST_ANSWERS = 200;

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final Path socket = ham.runDir.resolve("ledger.sock");
    private final Path book = ham.conf.resolve("book");
    private final Path port = ham.conf.resolve("port");

    private record Held(long descriptors, Set<Thread> threads) {
        private static final Set<String> OF_THE_JDK = Set.of("CarrierThreads", "InnocuousThreadGroup");

        /** Which threads there are but those that the JDK makes as it likes: carriers of virtual threads, and who wakes them. */
        static Held now() throws IOException {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                var threads = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getThreadGroup() != null
                                && !OF_THE_JDK.contains(thread.getThreadGroup().getName()))
                        .collect(Collectors.toSet());
                return new Held(files.count(), threads);
            }
        }

        boolean isWithin(Held before) {
            return descriptors <= before.descriptors && before.threads.containsAll(threads);
        }

        @Override
        public String toString() {
            return descriptors + " descriptors, threads "
                    + threads.stream().map(Thread::getName).sorted().toList();
        }
    }

    @Test
    void nothingIsLostDoubledOrLeftBehind() throws Exception {
        RECOVERY_LOG.setLevel(Level.WARNING);
        var kills = Integer.getInteger("ham.kills", 15);
        var seed = Long.getLong("ham.seed", new Random().nextLong());
        System.out.println("kills under load: " + kills + " kills, seed " + seed);
        var random = new Random(seed);
        ham.restarted(
                        "ledger",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes(),
                        Ledger.class.getName(),
                        socket.toString(),
                        book.toString(),
                        port.toString())
                .start();
        Awaitility.await("the ledger is there").atMost(HamInstance.PATIENCE).until(() -> Files.exists(socket));
        try (var told = HamClient.connect(ham.runDir)) {
            measure(told, kills, random);
        }
    }

    private void measure(Ham told, int kills, Random random) throws Exception {
        campaign(told, "w", WARM_UP, random);
        var before = Held.now();
        var begun = System.nanoTime();
        var users = campaign(told, "u", kills, random);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        var after = Awaitility.await("nothing is left")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                // It would have a thread of its own.
                .pollInSameThread()
                .until(Held::now, now -> now.isWithin(before));
        var away = users.away.stream().sorted().toList();
        System.out.println(kills + " kills in " + took.toSeconds() + " s; answered: " + users.once.size()
                + " at most once, " + users.atLeastOnce.size() + " at least once; not repeated: "
                + users.perhaps.size() + "; recoveries " + away.size() + ", ms away p50 "
                + away.get(away.size() / 2) + ", p99 " + away.get(away.size() * 99 / 100) + ", most "
                + away.getLast() + "; before " + before + ", after " + after);
    }

    private static String classes() {
        try {
            return Path.of(Ledger.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private LedgerUsers campaign(Ham told, String name, int kills, Random random) throws Exception {
        var users = new LedgerUsers(name, socket, Integer.parseInt(Files.readString(port)), told);
        users.start();
        try (users) {
            for (var kill = 1; kill <= kills; kill++) {
                var server = users.servers.poll(3, TimeUnit.MINUTES);
                assertThat(server).as("kill %d: the server answers again", kill).isNotNull();
                users.answers.drainPermits();
                assertThat(users.answers.tryAcquire(1 + random.nextInt(MOST_ANSWERS), 3, TimeUnit.MINUTES))
                        .as("kill %d: the users go on", kill)
                        .isTrue();
                ProcessHandle.of(server).ifPresent(ProcessHandle::destroyForcibly);
                if (kill % 100 == 0) {
                    System.out.println("kill " + kill);
                }
            }
            assertThat(users.servers.poll(3, TimeUnit.MINUTES))
                    .as("it comes back after the last")
                    .isNotNull();
        }
        judge(users);
        return users;
    }

    private void judge(LedgerUsers users) throws IOException {
        assertThat(users.outsidePolicy).as("errors outside of the policy").isEmpty();
        Map<String, Long> written = Files.readAllLines(book).stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(users.once)
                .as("at most once, answered: written once")
                .allSatisfy(id -> assertThat(written.get(id)).isEqualTo(1));
        assertThat(users.perhaps)
                .as("at most once, not repeated")
                .allSatisfy(id -> assertThat(List.of(0L, 1L)).contains(written.getOrDefault(id, 0L)));
        assertThat(users.atLeastOnce)
                .as("at least once, answered: written")
                .allSatisfy(id -> assertThat(written.get(id)).isPositive());
    }
}
