package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.ham.recovery.Transcript.Case;
import org.ham.recovery.Transcript.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While nothing fails, a covered channel is what a connected and blocking one of the JDK is, TCP and unix. */
class SocketChannelTckTest {
    private static final List<Case<Scene>> CASES = new ArrayList<>();

    /** A connected channel under test, its peer in the same thread, and where that listens. */
    private record Scene(SocketChannel it, SocketChannel peer, SocketAddress address) {}

    private interface Opening {
        SocketChannel open(SocketAddress address) throws IOException;
    }

    private static void when(String name, Script<Scene> script) {
        CASES.add(new Case<>(name, script));
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /** Reads exactly so many bytes, or up to the end. */
    private static String read(SocketChannel channel, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // on
        }
        return US_ASCII.decode(bytes.flip()).toString();
    }

    static {
        when("it is looked at", (scene, seen) -> state(scene.it(), seen));
        when("its addresses are asked for", (scene, seen) -> {
            seen.result("remote", () -> scene.it().getRemoteAddress().equals(scene.address()));
            seen.result(
                    "local",
                    () -> scene.it().getLocalAddress().equals(scene.peer().getRemoteAddress()));
        });
        when("bytes go out", (scene, seen) -> {
            var it = scene.it();
            seen.result("some", () -> it.write(ascii("abc")));
            seen.result("none", () -> it.write(ascii("")));
            seen.result("part", () -> it.write(ascii("xdex").position(1).limit(3)));
            seen.result("gathered", () -> it.write(new ByteBuffer[] {ascii("f"), ascii(""), ascii("gh")}));
            seen.result("of them", () -> it.write(new ByteBuffer[] {ascii("x"), ascii("i"), ascii("x")}, 1, 1));
            seen.result("nothing", () -> it.write(new ByteBuffer[0]));
            seen.result("there", () -> read(scene.peer(), 9));
        });
        when("bytes go out wrongly", (scene, seen) -> {
            var it = scene.it();
            seen.result("null", () -> it.write((ByteBuffer) null));
            seen.result("nulls", () -> it.write((ByteBuffer[]) null));
            seen.result("outside", () -> it.write(new ByteBuffer[] {ascii("a")}, 0, 2));
            seen.result("negative", () -> it.write(new ByteBuffer[] {ascii("a")}, -1, 1));
            seen.result("still", () -> it.write(ascii("a")));
        });
        when("bytes come in", (scene, seen) -> {
            var it = scene.it();
            scene.peer().write(ascii("abcdefgh"));
            seen.result("one", () -> read(it, 1));
            seen.result("none", () -> it.read(ByteBuffer.allocate(0)));
            var parts = new ByteBuffer[] {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocate(1)};
            seen.result("scattered", () -> it.read(parts));
            seen.result("they", () -> US_ASCII.decode(parts[0].flip()).toString());
            seen.result(
                    "of them", () -> it.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)}, 1, 1));
            seen.result("nothing", () -> it.read(new ByteBuffer[0]));
            seen.result("rest", () -> read(it, 3));
        });
        when("bytes come in wrongly", (scene, seen) -> {
            var it = scene.it();
            scene.peer().write(ascii("a"));
            seen.result("null", () -> it.read((ByteBuffer) null));
            seen.result("nulls", () -> it.read((ByteBuffer[]) null));
            seen.result("outside", () -> it.read(new ByteBuffer[] {ByteBuffer.allocate(1)}, 1, 1));
            seen.result("read-only", () -> it.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
            seen.result("still", () -> read(it, 1));
        });
        when("direct buffers are used", (scene, seen) -> {
            seen.result("out", () -> scene.it().write(ByteBuffer.allocateDirect(3)));
            scene.peer().write(ascii("ab"));
            seen.result("in", () -> scene.it().read(ByteBuffer.allocateDirect(2)));
        });
        when("options are set", (scene, seen) -> {
            var it = scene.it();
            seen.result("same", () -> it.setOption(StandardSocketOptions.SO_SNDBUF, 50_000) == it);
            seen.result("it", () -> it.getOption(StandardSocketOptions.SO_SNDBUF));
            seen.effect("keep alive", () -> it.setOption(StandardSocketOptions.SO_KEEPALIVE, true));
            seen.effect("not for it", () -> it.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
            seen.effect("not for it", () -> it.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            seen.effect("wrong", () -> it.setOption(StandardSocketOptions.SO_RCVBUF, -1));
            seen.effect("null", () -> it.setOption(null, 1));
            seen.result(
                    "all",
                    () -> it.supportedOptions().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList());
        });
        when("the peer ends", (scene, seen) -> {
            scene.peer().write(ascii("a"));
            scene.peer().close();
            seen.result("last", () -> read(scene.it(), 2));
            seen.result("end", () -> scene.it().read(ByteBuffer.allocate(1)));
            seen.result("none", () -> scene.it().read(ByteBuffer.allocate(0)));
            state(scene.it(), seen);
        });
        when("the peer ends its half", (scene, seen) -> {
            scene.peer().shutdownOutput();
            seen.result("end", () -> scene.it().read(ByteBuffer.allocate(1)));
            seen.result("write", () -> scene.it().write(ascii("a")));
            seen.result("there", () -> read(scene.peer(), 1));
        });
        when("the writing half is ended", (scene, seen) -> {
            var it = scene.it();
            it.write(ascii("a"));
            seen.result("same", () -> it.shutdownOutput() == it);
            seen.effect("again", it::shutdownOutput);
            seen.result("write", () -> it.write(ascii("b")));
            seen.result("there", () -> read(scene.peer(), 2));
            scene.peer().write(ascii("c"));
            seen.result("here", () -> read(it, 1));
        });
        when("the reading half is ended", (scene, seen) -> {
            var it = scene.it();
            seen.result("same", () -> it.shutdownInput() == it);
            seen.effect("again", it::shutdownInput);
            seen.result("read", () -> it.read(ByteBuffer.allocate(1)));
            seen.result("write", () -> it.write(ascii("b")));
            seen.result("there", () -> read(scene.peer(), 1));
        });
        when("it is connected again", (scene, seen) -> {
            seen.effect("connect", () -> scene.it().connect(scene.address()));
            seen.effect("bind", () -> scene.it().bind(null));
            seen.result("finish", scene.it()::finishConnect);
            state(scene.it(), seen);
        });
        when(
                "it is made what it is",
                (scene, seen) -> seen.result("blocking", () -> scene.it().configureBlocking(true) == scene.it()));
        when("it is closed", (scene, seen) -> {
            var it = scene.it();
            seen.effect("close", it::close);
            seen.effect("close again", it::close);
            seen.result("open", it::isOpen);
            seen.result("pending", it::isConnectionPending);
            seen.result("read", () -> it.read(ByteBuffer.allocate(1)));
            seen.result("read none", () -> it.read(ByteBuffer.allocate(0)));
            seen.result("scatter", () -> it.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
            seen.result("write", () -> it.write(ascii("a")));
            seen.result("write none", () -> it.write(ascii("")));
            seen.effect("end input", it::shutdownInput);
            seen.effect("end output", it::shutdownOutput);
            seen.result("remote", it::getRemoteAddress);
            seen.result("local", it::getLocalAddress);
            seen.effect("set", () -> it.setOption(StandardSocketOptions.SO_SNDBUF, 50_000));
            seen.effect("get", () -> it.getOption(StandardSocketOptions.SO_SNDBUF));
            seen.effect("connect", () -> it.connect(scene.address()));
            seen.result("finish", it::finishConnect);
            seen.effect("bind", () -> it.bind(null));
            seen.effect("blocking", () -> it.configureBlocking(true));
            seen.result("there", () -> scene.peer().read(ByteBuffer.allocate(1)));
        });
        when("streams lie on it", (scene, seen) -> {
            var in = Channels.newInputStream(scene.it());
            var out = Channels.newOutputStream(scene.it());
            seen.effect("write", () -> out.write("ab".getBytes(US_ASCII)));
            seen.result("there", () -> read(scene.peer(), 2));
            scene.peer().write(ascii("cde"));
            seen.result("one", in::read);
            seen.result("part", () -> in.readNBytes(2));
            seen.result("available", in::available);
            seen.effect("close", in::close);
            seen.result("open", scene.it()::isOpen);
            seen.effect("write", () -> out.write(1));
        });
        when(
                "another thread reads while it is closed",
                (scene, seen) -> inAnother(
                        seen,
                        () -> scene.it().read(ByteBuffer.allocate(1)),
                        _ -> seen.effect("close", scene.it()::close)));
        when(
                "another thread writes while it is closed",
                (scene, seen) ->
                        inAnother(seen, () -> endlessly(scene.it()), _ -> seen.effect("close", scene.it()::close)));
        when(
                "another thread reads while its input is ended",
                (scene, seen) -> inAnother(
                        seen,
                        () -> scene.it().read(ByteBuffer.allocate(1)),
                        _ -> seen.effect("end", scene.it()::shutdownInput)));
        when(
                "another thread is interrupted while it reads",
                (scene, seen) -> inAnother(seen, () -> scene.it().read(ByteBuffer.allocate(1)), Thread::interrupt));
        when("an interrupted thread writes", (scene, seen) -> {
            Thread.currentThread().interrupt();
            seen.result("write", () -> scene.it().write(ascii("a")));
            seen.result("still", Thread::interrupted);
        });
        when("much goes to and fro", (scene, seen) -> {
            var much = 1_000_000;
            var echo = Thread.ofVirtual()
                    .start(() -> new Transcript().effect("echo", () -> {
                        var bytes = ByteBuffer.allocate(8192);
                        for (var left = much; left > 0; ) {
                            left -= scene.peer().read(bytes.clear());
                            bytes.flip();
                            while (bytes.hasRemaining()) {
                                scene.peer().write(bytes);
                            }
                        }
                    }));
            var writing = Thread.ofVirtual()
                    .start(() -> new Transcript().effect("write", () -> {
                        var bytes = ByteBuffer.allocate(much);
                        while (bytes.hasRemaining()) {
                            scene.it().write(bytes);
                        }
                    }));
            seen.result("read", () -> read(scene.it(), much).length());
            writing.join();
            echo.join();
        });
    }

    /** Until it is closed: whether in the midst of a write is a matter of luck with the JDK's own. */
    private static String endlessly(SocketChannel channel) throws IOException {
        while (true) {
            try {
                channel.write(ByteBuffer.allocate(100_000));
            } catch (ClosedChannelException _) {
                return "closed";
            }
        }
    }

    /** Has a virtual thread do something, and does another thing when it has come as far as it gets. */
    private static void inAnother(Transcript seen, Callable<Object> deed, Consumer<Thread> meanwhile)
            throws InterruptedException {
        var other = new Transcript();
        var thread = Thread.ofVirtual().start(() -> other.result("other", deed));
        Awaitility.await()
                .atMost(SocketScene.LIMIT_MS, TimeUnit.MILLISECONDS)
                .until(() ->
                        List.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(thread.getState()));
        meanwhile.accept(thread);
        thread.join();
        seen.add(other);
    }

    private static void state(SocketChannel channel, Transcript seen) {
        seen.result("open", channel::isOpen);
        seen.result("connected", channel::isConnected);
        seen.result("pending", channel::isConnectionPending);
        seen.result("blocking", channel::isBlocking);
        seen.result("registered", channel::isRegistered);
        seen.result("operations", channel::validOps);
        seen.result("provider", channel::provider);
    }

    static Stream<Case<Scene>> cases() {
        return CASES.stream();
    }

    private static SocketChannel covered(SocketAddress address, StreamReplay replay) throws IOException {
        return RecoveringSocketChannel.open(address, replay, (_, failure) -> {
            throw failure;
        });
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("cases")
    void aProgramSeesTheSame(Case<Scene> behaviour) throws Exception {
        for (var unix : List.of(false, true)) {
            var plain = seen(behaviour, unix, SocketChannel::open);
            assertThat(plain).isNotEmpty();
            assertThat(seen(behaviour, unix, address -> covered(address, StreamReplay.STOP)))
                    .isEqualTo(plain);
        }
    }

    private static List<String> seen(Case<Scene> behaviour, boolean unix, Opening opening) throws Exception {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "rec");
        var place = folder.resolve("s");
        try (var listener =
                ServerSocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET)) {
            listener.bind(
                    unix
                            ? UnixDomainSocketAddress.of(place)
                            : new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            try (var it = opening.open(listener.getLocalAddress());
                    var peer = listener.accept()) {
                return behaviour.on(new Scene(it, peer, listener.getLocalAddress()));
            }
        } finally {
            Files.deleteIfExists(place);
            Files.delete(folder);
        }
    }

    @Test
    void thereAreTwoDozen() {
        assertThat(CASES).hasSizeGreaterThan(20);
    }
}
