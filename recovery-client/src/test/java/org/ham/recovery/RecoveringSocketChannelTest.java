package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cover of socket channels, TCP and unix, against real servers that are killed, restarted, and cut at every byte. */
class RecoveringSocketChannelTest {
    private static final String TEXT = "the quick brown fox";

    static Stream<SocketAddress> addresses() throws IOException {
        return Stream.of(loopback(), UnixDomainSocketAddress.of(socket()));
    }

    private static SocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A short path, and nothing left of it afterwards. */
    private static Path socket() throws IOException {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "rec");
        folder.toFile().deleteOnExit();
        var socket = folder.resolve("s");
        socket.toFile().deleteOnExit();
        return socket;
    }

    private static void echo(SocketChannel client) throws IOException {
        for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
            Lines.write(client, line.get());
        }
    }

    /** The same for what is covered and for the cover. */
    @ParameterizedTest
    @MethodSource("addresses")
    void behavesAsWhatItCoversWhileNothingFails(SocketAddress address) throws Exception {
        try (var server = new Server(address, RecoveringSocketChannelTest::echo);
                var plain = SocketChannel.open(server.address());
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.STOP, Recovery.reopening())) {
            var options = plain.supportedOptions();
            var sizes = new HashSet<Integer>();
            for (var channel : List.of(plain, cover)) {
                assertThat(channel.isConnected()).isTrue();
                assertThat(channel.isBlocking()).isTrue();
                assertThat(channel.isConnectionPending()).isFalse();
                assertThat(channel.getRemoteAddress()).isEqualTo(server.address());
                assertThat(channel.supportedOptions()).isEqualTo(options);
                assertThatThrownBy(() -> channel.connect(server.address()))
                        .isInstanceOf(AlreadyConnectedException.class);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, 100_000);
                sizes.add(channel.getOption(StandardSocketOptions.SO_SNDBUF));
                assertThat(Lines.ask(channel, "hello")).isEqualTo("hello");
                var gathered = new ByteBuffer[] {ascii("x"), ascii("a"), ascii("b\n"), ascii("y")};
                assertThat(channel.write(gathered, 1, 2)).isEqualTo(3);
                assertThat(Lines.next(channel)).contains("ab");
                assertThatThrownBy(() -> channel.write(gathered, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
                Lines.write(channel, "cd");
                var scattered = new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(9)};
                for (var got = 0L; got < 3; ) {
                    got += channel.read(scattered);
                }
                assertThat(scattered[0].get(0)).isEqualTo((byte) 'c');
                channel.shutdownOutput();
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                channel.shutdownInput();
                channel.close();
                channel.close();
                assertThat(channel.isOpen()).isFalse();
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                        .isExactlyInstanceOf(ClosedChannelException.class);
                assertThatThrownBy(() -> channel.write(ascii("a"))).isExactlyInstanceOf(ClosedChannelException.class);
            }
            assertThat(sizes).hasSize(1);
            assertThat(cover.connection().isOpen()).isFalse();
        }
    }

    @Test
    void closingEndsABlockedRead() throws Exception {
        try (var server = new Server(loopback(), RecoveringSocketChannelTest::echo);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.GO_ON, Recovery.reopening());
            var ready = new CountDownLatch(1);
            var reading = pool.submit(() -> {
                ready.countDown();
                return cover.read(ByteBuffer.allocate(1));
            });
            ready.await();
            cover.close();
            assertThatThrownBy(reading::get)
                    .cause()
                    .isInstanceOfAny(AsynchronousCloseException.class, ClosedChannelException.class);
        }
    }

    @Test
    void whatGoesPastTheCoverIsRefused() throws IOException {
        try (var server = new Server(loopback(), RecoveringSocketChannelTest::echo);
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.STOP, Recovery.reopening())) {
            assertThatThrownBy(cover::socket).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> cover.configureBlocking(false)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> cover.bind(loopback())).isInstanceOf(AlreadyBoundException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void aWriteAtABoundaryIsSentAgainAndOptionsAreSetAgain(SocketAddress address) throws Exception {
        try (var server = new Server(address, RecoveringSocketChannelTest::echo);
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.STOP, Recovery.reopening())) {
            cover.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
            var size = cover.getOption(StandardSocketOptions.SO_RCVBUF);
            assertThat(Lines.ask(cover, "a")).isEqualTo("a");
            cover.settle();
            server.restart();
            // Lost for certain before anything is written.
            cover.connection().resource().close();
            assertThat(Lines.ask(cover, "b")).isEqualTo("b");
            assertThat(cover.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(size);
            assertThat(cover.connection().counters()).isEqualTo(new Counters(0, 1, 1));
        }
    }

    /** It comes back as a unix channel, which has no such option. */
    @Test
    void aChannelThatRefusesAnOptionIsNotLeftOpen() throws Exception {
        var opened = new CopyOnWriteArrayList<SocketChannel>();
        var places = new ArrayList<SocketAddress>();
        var target = Target.of(
                "place",
                () -> {
                    opened.add(SocketChannel.open(places.getFirst()));
                    return opened.getLast();
                },
                Losses.ofSockets());
        try (var tcp = new Server(loopback(), RecoveringSocketChannelTest::echo);
                var unix = new Server(UnixDomainSocketAddress.of(socket()), RecoveringSocketChannelTest::echo)) {
            places.add(tcp.address());
            try (var cover = RecoveringSocketChannel.open(target, StreamReplay.STOP, Recovery.reopening())) {
                cover.setOption(StandardSocketOptions.TCP_NODELAY, true);
                places.set(0, unix.address());
                cover.connection().resource().close();
                assertThatThrownBy(() -> cover.write(ascii("a")))
                        .isInstanceOf(ClosedChannelException.class)
                        .satisfies(e ->
                                assertThat(e.getSuppressed()[0]).isInstanceOf(UnsupportedOperationException.class));
                assertThat(opened).hasSize(2).noneMatch(SocketChannel::isOpen);
                places.set(0, tcp.address());
                assertThat(Lines.ask(cover, "b")).isEqualTo("b");
            }
        }
    }

    @Test
    void aMessageThatWasBegunIsNeverContinued() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        try (var server = new Server(loopback(), client -> {
                    for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                        heard.add(line.get());
                        Lines.write(client, "ok");
                    }
                });
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.GO_ON, Recovery.reopening())) {
            cover.write(ascii("half "));
            cover.connection().resource().close();
            assertThatThrownBy(() -> cover.write(ascii("a message\n"))).satisfies(e -> is(e, Code.HALF_WRITTEN));
            assertThat(Lines.ask(cover, "whole")).isEqualTo("ok");
            assertThat(heard).containsExactly("whole");
        }
    }

    /** Another thread has recovered it: nothing fails where the message goes on, and still it must not. */
    @Test
    void aMessageIsNotContinuedWhereAnotherThreadHasRecovered() throws Exception {
        try (var server = new Server(loopback(), RecoveringSocketChannelTest::echo);
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.GO_ON, Recovery.reopening())) {
            cover.write(ascii("half "));
            cover.connection().reopen();
            assertThatThrownBy(() -> cover.write(ascii("a message\n"))).satisfies(e -> is(e, Code.HALF_WRITTEN));
            cover.write(ascii("half "));
            cover.connection().reopen();
            assertThatThrownBy(() -> cover.read(ByteBuffer.allocate(1))).satisfies(e -> is(e, Code.HALF_WRITTEN));
            assertThat(Lines.ask(cover, "whole")).isEqualTo("whole");
        }
    }

    @Test
    void aReadDoesNotGoOnElsewhereUnlessItIsToldTo() throws Exception {
        try (var server = new Server(loopback(), client -> {
                    Lines.write(client, "one two");
                    Lines.next(client);
                });
                var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.STOP, Recovery.reopening())) {
            assertThat(Lines.next(cover)).contains("one two");
            server.restart();
            cover.connection().resource().close();
            assertThatThrownBy(() -> Lines.next(cover))
                    .satisfies(e -> is(e, Code.NOT_REPEATED))
                    .satisfies(
                            e -> assertThat(((RecoveryException) e).outcome()).isEqualTo(Outcome.MAYBE_DONE))
                    .hasCauseInstanceOf(ClosedChannelException.class);
            assertThat(Lines.next(cover)).contains("one two");
            cover.connection().reopen();
            // Nothing fails any more, but what was read before is not continued.
            assertThatThrownBy(() -> Lines.next(cover)).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(Lines.next(cover)).contains("one two");
        }
    }

    @Test
    void anEndOfTheStreamIsAnEndUnlessReadsGoOn() throws Exception {
        var connections = new AtomicInteger();
        try (var server = new Server(loopback(), client -> {
            if (connections.incrementAndGet() > 1) {
                Lines.write(client, "more");
            }
        })) {
            try (var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.STOP, Recovery.reopening())) {
                assertThat(cover.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            connections.set(0);
            try (var cover = RecoveringSocketChannel.open(server.address(), StreamReplay.GO_ON, Recovery.reopening())) {
                assertThat(Lines.next(cover)).contains("more");
            }
        }
    }

    /** Cut at every byte of the answer: what is read is exact, for the recovery function asks for the rest. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadThatGoesOnIsExactWhereverItIsCut(boolean byStream) throws Exception {
        for (var cut = 0; cut <= TEXT.length(); cut++) {
            var left = new AtomicInteger(cut);
            try (var server = new Server(loopback(), client -> {
                var at = Integer.parseInt(Lines.next(client).orElse("0"));
                var bytes = ascii(TEXT.substring(at));
                // The first connection is cut, the others are not.
                bytes.limit(Math.min(bytes.limit(), left.getAndSet(TEXT.length())));
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            })) {
                var got = new StringBuilder();
                var target = Target.of("text", () -> SocketChannel.open(server.address()), Losses.ofSockets());
                try (var cover = RecoveringSocketChannel.open(target, StreamReplay.GO_ON, (connection, _) -> {
                    connection.reopen();
                    Lines.write(connection.resource(), Integer.toString(got.length()));
                })) {
                    Lines.write(cover, "0");
                    cover.settle();
                    var stream = Channels.newInputStream(cover);
                    var one = ByteBuffer.allocate(1);
                    while (got.length() < TEXT.length()) {
                        if (byStream) {
                            got.append((char) stream.read());
                        } else if (cover.read(one.clear()) == 1) {
                            got.append((char) one.get(0));
                        }
                    }
                }
                assertThat(got).hasToString(TEXT);
            }
        }
    }

    /** Cut at every byte of two requests: none is carried out twice, and one of which nothing was said is carried out. */
    @Test
    void noRequestIsDoubledWhereverItIsCut() throws Exception {
        var requests = List.of("first", "second");
        for (var cut = 0; cut <= "first\nsecond\n".length(); cut++) {
            var left = new AtomicInteger(cut);
            var done = new CopyOnWriteArrayList<String>();
            try (var server = new Server(loopback(), client -> serve(client, left, done));
                    var cover =
                            RecoveringSocketChannel.open(server.address(), StreamReplay.GO_ON, Recovery.reopening())) {
                for (var request : requests) {
                    try {
                        for (var letter : (request + "\n").split("")) {
                            cover.write(ascii(letter));
                        }
                        assertThat(Lines.next(cover)).contains("ok " + request);
                        cover.settle();
                        assertThat(done).containsOnlyOnce(request);
                    } catch (RecoveryException e) {
                        is(e, Code.HALF_WRITTEN);
                        assertThat(e.outcome()).isEqualTo(Outcome.MAYBE_DONE);
                    }
                }
            }
            assertThat(done).doesNotHaveDuplicates().isSubsetOf(requests);
        }
    }

    /** Reads so many bytes altogether, then cuts the connection once. */
    private static void serve(SocketChannel client, AtomicInteger left, List<String> done) throws IOException {
        var line = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (left.getAndDecrement() != 0 && client.read(one.clear()) > 0) {
            if (one.get(0) == '\n') {
                done.add(line.toString());
                if (left.get() == 0) {
                    return;
                }
                Lines.write(client, "ok " + line);
                line.setLength(0);
            } else {
                line.append((char) one.get(0));
            }
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static void is(Throwable failure, Code code) {
        assertThat(failure).isInstanceOf(RecoveryException.class);
        assertThat(((RecoveryException) failure).code()).isEqualTo(code);
    }
}
