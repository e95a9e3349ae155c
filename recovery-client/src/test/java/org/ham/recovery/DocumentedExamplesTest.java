package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.net.SocketFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code docs/recovery.md} stand here as they stand there, and do what it says. */
class DocumentedExamplesTest {
    private static final Path DOCS = Path.of("").toAbsolutePath().resolveSibling("docs");

    @TempDir
    private Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** Whether it ends the next connection that asks something. */
    private volatile boolean dies;

    private synchronized void hear(String line) {
        heard.add(line);
    }

    private Server server() throws IOException {
        return new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
            for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                hear(line.get());
                if (dies) {
                    dies = false;
                    return;
                }
                Lines.write(client, "ok");
            }
        });
    }

    private static String ask(SocketChannel channel, String line) throws IOException {
        return Lines.ask(channel, line);
    }

    private static String login(SocketChannel channel) throws IOException {
        return Lines.ask(channel, "login");
    }

    @Test
    void aConnection() throws Exception {
        dies = true;
        try (var server = server()) {
            var address = server.address();
            var target = Target.of("db", () -> SocketChannel.open(address), Losses.ofSockets());
            try (var db = Connection.open(target, (connection, failure) -> {
                connection.reopen(); // or elsewhere: reopen(() -> …)
                connection.call(channel -> login(channel)); // what the other side has forgotten
            })) {
                db.call(channel -> ask(channel, "get 1")); // sent again when the server was restarted
                db.call(Replay.AT_MOST_ONCE, channel -> ask(channel, "pay 100")); // never sent twice
            }
            assertThat(heard).containsExactly("get 1", "login", "get 1", "pay 100");
        }
    }

    @Test
    void aRecoveryThatWaits() throws Exception {
        try (var server = server()) {
            Recovery<SocketChannel> recovery =
                    Recovery.retrying(Backoff.usual(), (connection, failure) -> connection.reopen());
            var target = Target.of("db", () -> SocketChannel.open(server.address()), Losses.ofSockets());
            try (var db = Connection.open(target, recovery)) {
                db.resource().close();
                assertThat(db.<String>call(channel -> ask(channel, "get 1"))).isEqualTo("ok");
            }
        }
    }

    @Test
    void aSocketFactory() throws Exception {
        try (var server = server()) {
            var port = ((InetSocketAddress) server.address()).getPort();
            var protocol = Protocols.lines(line -> line.startsWith("get "));
            var policy = SocketPolicy.of(protocol, Recovery.retrying(Backoff.usual()));
            SocketFactory factory = new RecoveringSocketFactory(policy);
            try (var socket = factory.createSocket(InetAddress.getLoopbackAddress(), port)) {
                say(socket, "get 1");
                RecoveringSocketFactory.connection(socket).orElseThrow().reopen();
                say(socket, "get 2");
            }
            assertThat(heard).contains("get 1", "get 2");
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(US_ASCII));
        for (var next = 0; next != '\n'; ) {
            next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException();
            }
        }
    }

    @Test
    void aProtocolOfOnesOwn() throws Exception {
        try (var server = server()) {
            var protocol = RequestProtocol.of(
                    Framing::lines, request -> switch (new String(request, US_ASCII).split(" ")[0].strip()) {
                        case "login", "use" -> Meaning.REMEMBERED;
                        case "get" -> Meaning.REPEATABLE;
                        case "begin" -> Meaning.BEGINS;
                        case "commit" -> Meaning.COMPLETES;
                        case "quit" -> Meaning.ENDS;
                        default -> Meaning.ONCE;
                    });
            var factory = new RecoveringSocketFactory(SocketPolicy.of(protocol, Recovery.reopening()));
            try (var socket = factory.createSocket()) {
                socket.connect(server.address());
                say(socket, "login me");
                RecoveringSocketFactory.connection(socket).orElseThrow().reopen();
                say(socket, "pay 1");
            }
            assertThat(heard).containsExactly("login me", "login me", "pay 1");
        }
    }

    /** For a client that wants the name of a class. */
    public static final class RecoveringSockets extends RecoveringSocketFactory {
        public RecoveringSockets() {
            super(SocketPolicy.of(Protocols.postgres(sql -> sql.startsWith("select")), Recovery.reopening()));
        }
    }

    @Test
    void aFactoryByItsName() throws Exception {
        assertThat(RecoveringSockets.class.getConstructor().newInstance().createSocket())
                .isInstanceOf(Socket.class);
    }

    @Test
    void aStreamThatIsResumed() throws Exception {
        var ledger = new Ledger();
        var resuming = new ResumingServer(ledger);
        try (var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), resuming::serve)) {
            SocketAddress address = server.address();
            var target = Target.of("stream", () -> SocketChannel.open(address), Losses.ofSockets());
            Handshake<SocketChannel> handshake = (channel, received) -> ResumingServer.shake(channel, received);
            try (var stream = ResumingChannel.open(target, handshake, 1 << 16, Recovery.reopening())) {
                assertThat(Lines.ask(stream, "a")).isEqualTo("done: a");
                server.restart();
                assertThat(Lines.ask(stream, "b")).isEqualTo("done: b");
            }
            assertThat(ledger.done()).containsExactly("a", "b");
        }
    }

    @Test
    void aReader() throws Exception {
        var path = Files.writeString(folder.resolve("file"), "a\nb\n");
        try (var reader = RecoveringStreams.reader(path, UTF_8, Recovery.reopening())) {
            assertThat(reader.lines()).containsExactly("a", "b");
        }
    }

    @Test
    void aWriterOfMessages() throws Exception {
        try (var server = server()) {
            var address = (InetSocketAddress) server.address();
            var collector = Target.<OutputStream>of(
                    "collector",
                    () -> new Socket(address.getAddress(), address.getPort()).getOutputStream(),
                    Losses.ofSockets());
            try (var writer = RecoveringStreams.writer(collector, UTF_8, Recovery.retrying(Backoff.usual()))) {
                writer.write("started\n");
                writer.settle(); // flushes; what follows may go over another stream
                writer.connection().reopen();
                writer.write("ready\n");
                writer.settle();
            }
            Awaitility.await("both are heard").until(() -> List.copyOf(heard), lines -> lines.size() == 2);
            assertThat(heard).containsExactlyInAnyOrder("started", "ready");
        }
    }

    @Test
    void theDocumentationShowsWhatIsTriedHere() throws IOException {
        var tried = lines(Files.readAllLines(Path.of("src/test/java/org/ham/recovery/DocumentedExamplesTest.java")
                .toAbsolutePath()));
        // What follows has other bundles in it, and its tests there.
        var page = Files.readAllLines(DOCS.resolve("recovery.md")).stream()
                .takeWhile(line -> !line.equals("## Waiting"))
                .toList();
        var blocks = blocks(page);
        assertThat(blocks).hasSizeGreaterThan(4);
        for (var block : blocks) {
            assertThat(tried).contains(block);
        }
    }

    /** What is indented by four is code. */
    private static List<String> blocks(List<String> page) {
        var blocks = new ArrayList<String>();
        var block = new ArrayList<String>();
        for (var line : page) {
            if (line.startsWith("    ")) {
                block.add(line);
            } else if (!block.isEmpty()) {
                blocks.add(lines(block));
                block.clear();
            }
        }
        return blocks;
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
