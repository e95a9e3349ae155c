package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.ham.api.Ham;
import org.ham.client.HamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many connections at a time, bad ones among them, and supervision goes on. {@code -Dham.connections=10000} makes the long campaign; it
 * needs a limit of open files above 12,100.
 */
@Timeout(1200)
class ConnectionsIT {
    private static final int BAD = 20;
    private static final int KILLS = 10;

    /** What a HAM opens and starts for itself meanwhile. */
    private static final int SLACK = 20;

    private static final String ASK = "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"verbosity\"}\n";

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    private final List<SocketChannel> clients = new ArrayList<>();

    /** What a process holds. */
    private record Held(long descriptors, long threads, long residentKib) {
        static Held of(long pid) throws IOException {
            return new Held(count(pid, "fd"), count(pid, "task"), resident(pid));
        }

        private static long count(long pid, String what) throws IOException {
            try (var files = Files.list(Path.of("/proc/" + pid + "/" + what))) {
                return files.count();
            }
        }

        private static long resident(long pid) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0L);
        }
    }

    @Test
    void manyConnectionsAndBadOnesLeaveSupervisionUntouchedAndNothingBehind() throws IOException {
        var count = Integer.getInteger("ham.connections", 500);
        // What says nothing or reads nothing is cut off soon; the last tenth of the places stays free.
        ham.settings("control: {connections: " + (count + 200) + ", first-within: 10s, read-within: 2s}\n"
                        + "guardian: {hang-after: 30s}\n")
                .restarted("web", "sleep", "100000")
                .start();
        var pid = ham.awaitMirrored().getAsJsonObject("ham").get("pid").getAsLong();
        try (var watcher = HamClient.connect(ham.runDir)) {
            var alone = recoveries(watcher);
            var before = Held.of(pid);
            connect(count);
            bad(new Random(7));
            var with = Held.of(pid);
            var among = recoveries(watcher);
            for (var i = 0; i < count; i += Math.max(1, count / 100)) {
                assertThat(ask(clients.get(i), 2)).as("client %d", i).contains("\"id\":2");
            }
            closeAll();
            var after = Awaitility.await("nothing is left of the connections")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> Held.of(pid),
                            now -> now.descriptors <= before.descriptors + SLACK
                                    && now.threads <= before.threads + SLACK);
            System.out.println(count + " connections and " + 4 * BAD + " bad ones: before " + before + ", with " + with
                    + ", after " + after + "; ms from kill to restart, alone " + alone + ", among them " + among);
            assertThat(with.descriptors - before.descriptors)
                    .as("one descriptor each")
                    .isLessThanOrEqualTo(count + 4L * BAD + SLACK);
            assertThat(with.residentKib).as("memory is bounded").isLessThan(before.residentKib + 100_000 + 12L * count);
            assertThat(watcher.status().hamFailures()).isZero();
        } finally {
            closeAll();
        }
        assertThat(ham.processes("web")).hasSize(1);
    }

    private void connect(int count) throws IOException {
        for (var i = 0; i < count; i++) {
            clients.add(connect());
            assertThat(ask(clients.getLast(), 1)).as("client %d", i).contains("\"level\":0");
        }
    }

    /** Garbage, half a line, nothing at all, a subscriber that never reads. */
    private void bad(Random random) throws IOException {
        for (var i = 0; i < BAD; i++) {
            try (var client = connect()) {
                var bytes = new byte[100_000];
                random.nextBytes(bytes);
                client.configureBlocking(false);
                client.write(ByteBuffer.wrap(bytes));
            }
            clients.add(connect());
            send(clients.getLast(), "{\"jsonrpc\":\"2.0\",\"id\":");
            clients.add(connect());
            clients.add(connect());
            for (var id = 1; id <= 16; id++) {
                send(
                        clients.getLast(),
                        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"subscribe\",\"params\":{\"subscription\":"
                                + id + ",\"after\":0}}\n");
            }
        }
    }

    /** Kills the entity again and again; from the kill to the journal's line that it runs again, in milliseconds. */
    private static List<Double> recoveries(Ham watcher) {
        var all = new ArrayList<Double>();
        for (var i = 0; i < KILLS; i++) {
            var old = watcher.find("web").orElseThrow().pid().orElseThrow();
            var after = watcher.tree().seq();
            var started = new ArrayList<Long>();
            try (var _ = watcher.subscribe(
                    after,
                    event -> {
                        if (event.type().equals("started")) {
                            synchronized (started) {
                                started.add(event.mono());
                            }
                        }
                    },
                    _ -> {})) {
                var from = System.nanoTime();
                ProcessHandle.of(old).orElseThrow().destroyForcibly();
                var to = Awaitility.await("web is back")
                        .atMost(HamInstance.PATIENCE)
                        .pollInterval(Duration.ofMillis(10))
                        .until(
                                () -> {
                                    synchronized (started) {
                                        return started.isEmpty() ? 0L : started.getFirst();
                                    }
                                },
                                mono -> mono != 0);
                all.add(Math.round((to - from) / 1e4) / 100.0);
            }
        }
        return all.stream().sorted().toList();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(ham.runDir.resolve("control.sock")));
    }

    private static void send(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String ask(SocketChannel client, int id) throws IOException {
        send(client, ASK.formatted(id));
        return String.valueOf(
                new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))
                        .readLine());
    }

    private void closeAll() throws IOException {
        for (var client : clients) {
            client.close();
        }
        clients.clear();
    }
}
