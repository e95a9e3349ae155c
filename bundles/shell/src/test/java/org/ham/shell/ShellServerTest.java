package org.ham.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.ham.api.Actor;
import org.ham.api.HamException;
import org.ham.linux.Linux;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ShellServerTest {
    private static final Limits TIGHT = new Limits(
            4096,
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));

    private final FakeHam ham = new FakeHam();
    private final Linux linux = Linux.open();

    @TempDir
    Path results;

    private Path runDir = Path.of("");
    private ShellServer server;

    @BeforeEach
    void listen() throws IOException {
        // A socket's path may have 107 bytes, so not under a build folder that may be deep.
        runDir = Files.createTempDirectory(Path.of("/tmp"), "ham");
        server = open();
        await().until(() -> Files.exists(runDir.resolve("shell.sock")));
    }

    private ShellServer open() {
        var fresh = new ShellServer(linux.sockets(), runDir, results, TIGHT);
        fresh.bindHam(ham);
        return fresh;
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        linux.close();
        Files.deleteIfExists(runDir.resolve("shell.sock"));
        Files.delete(runDir);
    }

    private Client connect() throws IOException {
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(runDir.resolve("shell.sock")));
        return new Client(channel, new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8)));
    }

    /** The other end. */
    private record Client(SocketChannel channel, BufferedReader reader) implements AutoCloseable {
        void send(String text) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        }

        /** All lines until the exit code or the end. */
        List<String> receive() throws IOException {
            var lines = new ArrayList<String>();
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith("{\"exit\"")) {
                    break;
                }
            }
            return lines;
        }

        boolean ended() {
            try {
                return reader.read() < 0;
            } catch (IOException _) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void theSocketIsTheOwnersAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runDir.resolve("shell.sock"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aCommandIsAnsweredWithItsOutputAndExitCode() throws IOException {
        try (var client = connect()) {
            client.send("{\"argv\":[\"status\",\"--json\"]}\n");

            var reply = client.receive();
            assertThat(reply).hasSize(2);
            var out = JsonParser.parseString(reply.getFirst())
                    .getAsJsonObject()
                    .get("out")
                    .getAsString();
            assertThat(out).startsWith("{\"ham\":{\"pid\":42");
            assertThat(reply.getLast()).isEqualTo("{\"exit\":0}");
        }
    }

    @Test
    void aConnectionServesManyRequestsAlsoInPieces() throws IOException {
        try (var client = connect()) {
            client.send("{\"argv\":[\"tree\"]}\n{\"argv\":[\"tr");
            assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
            client.send("ee\",\"nothing\"]}\n");
            var reply = client.receive();
            assertThat(reply.getFirst()).contains("no entity 'nothing'");
            assertThat(reply.getLast()).isEqualTo("{\"exit\":1}");
        }
    }

    @Test
    void theActorIsThePeer() throws IOException {
        try (var client = connect()) {
            client.send("{\"argv\":[\"detach\",\"web\"],\"directory\":\"/\"}\n");
            client.receive();
        }
        assertThat(ham.asked).containsExactly("detach web by " + RunDirs.uid());
    }

    @Test
    void garbageIsRefusedWithExitCodeTwoAndTheConnectionEnds() throws IOException {
        var garbage = List.of(
                "GET / HTTP/1.1",
                "{}",
                "[]",
                "{\"argv\":\"tree\"}",
                "{\"argv\":[1]}",
                "{\"argv\":[\"tree\"",
                "",
                "{\"argv\":[\"tree\"],\"directory\":\"here\"}",
                "\u0000\u0001",
                "[".repeat(3000));
        for (var line : garbage) {
            try (var client = connect()) {
                client.send(line + "\n");
                var reply = client.receive();
                assertThat(reply).as(line).hasSize(2);
                assertThat(reply.getFirst()).as(line).startsWith("{\"err\":\"ham: ");
                assertThat(reply.getLast()).as(line).isEqualTo("{\"exit\":2}");
                assertThat(client.ended()).as(line).isTrue();
            }
        }
    }

    @Test
    void anOversizedLineIsRefused() throws IOException {
        try (var client = connect()) {
            client.send("x".repeat(5000));
            assertThat(client.receive()).hasSize(2).first().asString().contains("4096 bytes");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientThatSaysNothingIsDropped() throws IOException {
        try (var client = connect()) {
            assertThat(client.ended()).isTrue();
        }
        await().until(() -> server.clients() == 0);
    }

    @Test
    void aClientThatStopsInTheMiddleIsDropped() throws IOException {
        try (var client = connect()) {
            client.send("{\"argv\":");
            assertThat(client.ended()).isTrue();
        }
        await().until(() -> server.clients() == 0);
    }

    @Test
    void aClientThatHalfClosesIsAnsweredStill() throws IOException {
        try (var client = connect()) {
            client.send("{\"argv\":[\"status\"]}\n");
            client.channel().shutdownOutput();
            assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotReadIsDroppedAndHurtsNobody() throws IOException {
        ham.entities = Collections.nCopies(3_000, FakeHam.web());
        try (var slow = connect()) {
            slow.send("{\"argv\":[\"tree\",\"--json\"]}\n");
            try (var other = connect()) {
                other.send("{\"argv\":[\"status\"]}\n");
                assertThat(other.receive().getLast()).isEqualTo("{\"exit\":0}");
            }
            await().until(() -> server.clients() == 0);
        }
    }

    @Test
    void aLargeReplyArrivesWhole() throws IOException {
        ham.entities = Collections.nCopies(1_500, FakeHam.web());
        try (var client = connect()) {
            client.send("{\"argv\":[\"tree\",\"--json\"]}\n");
            var reply = client.receive();
            var text = new StringBuilder();
            reply.subList(0, reply.size() - 1)
                    .forEach(line -> text.append(JsonParser.parseString(line)
                            .getAsJsonObject()
                            .get("out")
                            .getAsString()));
            var tree = JsonParser.parseString(text.toString()).getAsJsonObject();
            assertThat(tree.getAsJsonArray("entities")).hasSize(1_500);
        }
    }

    @Test
    void tooManyClientsAreTurnedAwayUntilOneLeaves() throws IOException {
        var clients = new ArrayList<Client>();
        try {
            for (var i = 0; i < TIGHT.connections(); i++) {
                var client = connect();
                clients.add(client);
                client.send("{\"argv\":[\"status\"]}\n");
                client.receive();
            }
            try (var late = connect()) {
                assertThat(late.receive()).hasSize(2).first().asString().contains("all 3 connections are in use");
                assertThat(late.ended()).isTrue();
            }
            clients.removeFirst().close();
            await().until(() -> server.clients() == 2);
            try (var next = connect()) {
                next.send("{\"argv\":[\"status\"]}\n");
                assertThat(next.receive().getLast()).isEqualTo("{\"exit\":0}");
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void withoutGogoItSaysSo() throws IOException {
        try (var client = connect()) {
            client.send("{\"gogo\":\"lb\"}\n");
            var reply = client.receive();
            assertThat(reply.getFirst()).contains("no Gogo");
            assertThat(reply.getLast()).isEqualTo("{\"exit\":1}");
        }
    }

    @Test
    void anOrderedStopIsAnsweredBeforeTheServerEnds() throws Exception {
        var closed = new CountDownLatch(1);
        ham.whenStopped = () -> Thread.ofPlatform().start(() -> {
            server.close();
            closed.countDown();
        });
        try (var idle = connect()) {
            idle.send("{\"argv\":[\"status\"]}\n");
            idle.receive();
            try (var client = connect()) {
                client.send("{\"argv\":[\"stop\"]}\n");
                assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
            }
            assertThat(idle.ended()).isTrue();
        }
        closed.await();
        assertThat(runDir.resolve("shell.sock")).doesNotExist();
    }

    @Test
    void aStaleSocketFileIsReplaced() throws IOException {
        server.close();
        Files.writeString(runDir.resolve("shell.sock"), "stale");
        server = open();
        await().until(() -> !Files.isRegularFile(runDir.resolve("shell.sock")));
        try (var client = connect()) {
            client.send("{\"argv\":[\"status\"]}\n");
            assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
        }
    }

    @Test
    void aCommandWaitsForTheNextCore() throws IOException {
        server.unbindHam(ham);
        try (var client = connect()) {
            client.send("{\"argv\":[\"status\"]}\n");
            server.bindHam(ham);
            assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
        }
    }

    @Test
    void whatTheOldCoreDidNotGetToIsAskedOfTheNext() throws IOException {
        var old = new FakeHam();
        old.refusal = new HamException(HamException.Code.NOT_CONNECTED, "the core is being stopped; ask again");
        server.bindHam(old);
        try (var client = connect()) {
            client.send("{\"argv\":[\"detach\",\"web\"]}\n");
            await().until(() -> !old.asked.isEmpty());
            server.bindHam(ham);
            assertThat(client.receive().getLast()).isEqualTo("{\"exit\":0}");
        }
        assertThat(ham.asked).containsExactly("detach web by " + RunDirs.uid());
    }

    @Test
    void aLineThatEndsItsServerIsAnsweredByTheNextOne() throws Exception {
        var gogo = new FakeGogo();
        server.bindGogo(gogo);
        try (var client = connect()) {
            client.send("{\"gogo\":\"update\",\"id\":\"a-1\"}\n");
            gogo.begun.await();
            server.close();
            assertThat(client.receive()).doesNotContain("{\"exit\":0}");
        }
        server = open();
        await().until(() -> Files.exists(runDir.resolve("shell.sock")));
        try (var client = connect()) {
            client.send("{\"gogo\":\"update\",\"id\":\"a-1\",\"again\":true}\n");
            gogo.end.countDown();
            assertThat(client.receive()).containsExactly("{\"out\":\"done\\n\"}", "{\"exit\":7}");
        }
        assertThat(gogo.lines).containsExactly("update");
        await().untilAsserted(() -> assertThat(results).isEmptyDirectory());
    }

    @Test
    void aLineThatNobodyKnowsIsNotRunAgain() throws IOException {
        server.bindGogo(new FakeGogo());
        try (var client = connect()) {
            client.send("{\"gogo\":\"update\",\"id\":\"a-1\",\"again\":true}\n");
            assertThat(client.receive()).last().isEqualTo("{\"exit\":1}");
        }
    }

    /** One whose lines end when the test says so. */
    private static final class FakeGogo implements GogoShell {
        final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);

        @Override
        public Session open(PrintStream out, PrintStream err, Actor actor) {
            return new Session() {
                @Override
                public int run(String line) {
                    lines.add(line);
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    out.print("done\n");
                    out.flush();
                    return 7;
                }

                @Override
                public void close() {}
            };
        }
    }
}
