package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.ham.recovery.SocketPolicy.Connecting;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of sockets of the covering factory when their server is killed and restarted. */
class RecoveringSocketFactoryTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private volatile boolean refusing;

    @AutoClose
    private Server server;

    /** Answers each line; keeps who logged in and what was chosen, for each connection alone. */
    private void serve(SocketChannel client) throws IOException {
        var session = new StringBuilder();
        for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
            heard.add(line.get());
            if (line.get().startsWith("login ") || line.get().startsWith("use ")) {
                session.append(line.get()).append(';');
                Lines.write(client, refusing || line.get().endsWith("refused") ? "no" : "ok");
            } else if (line.get().equals("bye")) {
                Lines.write(client, "farewell");
                return;
            } else if (line.get().equals("die")) {
                return;
            } else {
                Lines.write(client, session + line.get());
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve);
    }

    private static RequestProtocol protocol() {
        return new RequestProtocol(
                Framing::lines,
                request -> meaning(new String(request, US_ASCII).strip()),
                answer -> answer[0] == 'o',
                Login.none());
    }

    private static Meaning meaning(String request) {
        return switch (request.split(" ", 2)[0]) {
            case "login", "use" -> Meaning.REMEMBERED;
            case "get", "die" -> Meaning.REPEATABLE;
            case "begin" -> Meaning.BEGINS;
            case "commit" -> Meaning.COMPLETES;
            case "bye" -> Meaning.ENDS;
            default -> Meaning.ONCE;
        };
    }

    private static SocketPolicy policy() {
        return SocketPolicy.of(protocol(), Recovery.reopening()).quiet(Duration.ZERO);
    }

    private Socket connect(SocketPolicy policy) throws IOException {
        var socket = new RecoveringSocketFactory(policy).createSocket();
        socket.connect(server.address());
        return socket;
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(US_ASCII));
    }

    private static String hear(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (var next = socket.getInputStream().read();
                next != '\n';
                next = socket.getInputStream().read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static String ask(Socket socket, String line) throws IOException {
        say(socket, line);
        return hear(socket);
    }

    private static Connection<Socket> connection(Socket socket) {
        return RecoveringSocketFactory.connection(socket).orElseThrow();
    }

    @Test
    void betweenRequestsNobodyNoticesARestart() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "pay 1")).isEqualTo("pay 1");
            for (var next : List.of("pay 2", "get 3")) {
                server.restart();
                assertThat(ask(socket, next)).isEqualTo(next);
            }
            assertThat(heard).containsExactly("pay 1", "pay 2", "get 3");
            assertThat(connection(socket).counters().succeeded()).isEqualTo(2);
        }
    }

    @Test
    void aReaderThatHalfACloseWakesUpRecoversNothing() throws IOException {
        var reader = new CompletableFuture<Integer>();
        var below = new Sockets(() -> new Socket() {
            @Override
            public void shutdownInput() throws IOException {
                super.shutdownInput();
                reader.orTimeout(1, TimeUnit.MINUTES).join();
            }
        });
        try (var socket = new RecoveringSocketFactory(policy(), below).createSocket()) {
            socket.connect(server.address());
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            var in = socket.getInputStream();
            Thread.ofVirtual().start(() -> {
                try {
                    reader.complete(in.read());
                } catch (IOException e) {
                    reader.completeExceptionally(e);
                }
            });
            socket.shutdownInput();
            assertThat(reader).isCompletedWithValue(-1);
            assertThat(connection(socket).counters().succeeded()).isZero();
        }
    }

    /** Sockets that count how often they are given a time-out to read with. */
    private static Sockets countingTimeouts(AtomicInteger timeouts) {
        return new Sockets(() -> new Socket() {
            @Override
            public void setSoTimeout(int timeout) throws SocketException {
                timeouts.incrementAndGet();
                super.setSoTimeout(timeout);
            }
        });
    }

    @Test
    void onlyWhatMustNotComeTwiceIsPrecededByALook() throws IOException {
        var looks = new AtomicInteger();
        var below = countingTimeouts(looks);
        try (var socket = new RecoveringSocketFactory(policy(), below).createSocket()) {
            socket.connect(server.address());
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            assertThat(ask(socket, "get 2")).isEqualTo("get 2");
            assertThat(looks).hasValue(0);
            assertThat(ask(socket, "pay 3")).isEqualTo("pay 3");
            assertThat(looks).hasPositiveValue();
        }
    }

    /** It never went anywhere, whoever recovers, and when. */
    @Test
    void whatALookKeptBackIsNotTakenForSent() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "pay 1")).isEqualTo("pay 1");
            server.restart();
            connection(socket).suspend();
            assertThatThrownBy(() -> say(socket, "pay 2")).isInstanceOf(IOException.class);
            connection(socket).enable();
            assertThat(ask(socket, "pay 3")).isEqualTo("pay 3");
            assertThat(heard).containsExactly("pay 1", "pay 3");
        }
    }

    /** A server that is stopped in an orderly way may say so. */
    @Test
    void whatThePeerSaysBeforeItGoesIsDropped() throws Exception {
        var goes = new CountDownLatch(1);
        var first = new AtomicInteger();
        try (var leaving = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
                    Lines.write(client, Lines.next(client).orElseThrow());
                    if (first.getAndIncrement() == 0) {
                        Lines.write(client, "I am about to leave");
                        client.shutdownOutput();
                        goes.countDown();
                    }
                    Lines.next(client);
                });
                var socket = new RecoveringSocketFactory(policy()).createSocket()) {
            socket.connect(leaving.address());
            assertThat(ask(socket, "pay 1")).isEqualTo("pay 1");
            goes.await();
            assertThat(ask(socket, "pay 2")).isEqualTo("pay 2");
        }
    }

    /** What comes unasked is the program's when the connection is there. */
    @Test
    void whatWasLookedAtIsStillRead() throws Exception {
        var looks = new AtomicInteger();
        var told = new CountDownLatch(1);
        try (var talkative = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
                    for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                        Lines.write(client, line.get());
                        if (line.get().equals("pay 1")) {
                            Lines.write(client, "by the way");
                            told.countDown();
                        }
                    }
                });
                var socket = new RecoveringSocketFactory(policy(), countingTimeouts(looks)).createSocket()) {
            socket.connect(talkative.address());
            assertThat(ask(socket, "pay 1")).isEqualTo("pay 1");
            told.await();
            say(socket, "pay 2");
            assertThat(looks).hasPositiveValue();
            assertThat(hear(socket)).isEqualTo("by the way");
            assertThat(hear(socket)).isEqualTo("pay 2");
            assertThat(socket.getInputStream().available()).isZero();
        }
    }

    @Test
    void aShortSilenceIsNotLookedInto() throws IOException {
        var looks = new AtomicInteger();
        var policy = policy().quiet(Duration.ofDays(1));
        try (var socket = new RecoveringSocketFactory(policy, countingTimeouts(looks)).createSocket()) {
            socket.connect(server.address());
            assertThat(ask(socket, "pay 1")).isEqualTo("pay 1");
            assertThat(ask(socket, "pay 2")).isEqualTo("pay 2");
            assertThat(looks).hasValue(0);
        }
    }

    /** The recovery function has tried one place, and found another that it likes better. */
    @Test
    void theSessionIsRebuiltWhereverItLeads() throws IOException {
        try (var other = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve)) {
            var policy = SocketPolicy.of(protocol(), (connection, _) -> {
                        connection.reopen();
                        connection.reopen(() -> {
                            var socket = new Socket();
                            socket.connect(other.address());
                            return socket;
                        });
                    })
                    .quiet(Duration.ZERO);
            try (var socket = connect(policy)) {
                socket.setKeepAlive(true);
                assertThat(ask(socket, "login me")).isEqualTo("ok");
                server.restart();
                assertThat(ask(socket, "get 1")).isEqualTo("login me;get 1");
                assertThat(heard).containsExactly("login me", "login me", "login me", "get 1");
                assertThat(socket.getKeepAlive()).isTrue();
            }
        }
    }

    @Test
    void optionsAreSetAgain() throws IOException {
        try (var socket = connect(policy())) {
            socket.setSoTimeout(12_345);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            server.restart();
            assertThat(ask(socket, "get 2")).isEqualTo("get 2");
            var now = connection(socket).resource();
            assertThat(now.getSoTimeout()).isEqualTo(12_345);
            assertThat(now.getTcpNoDelay()).isTrue();
            assertThat(now.getKeepAlive()).isTrue();
        }
    }

    @Test
    void theSessionIsRebuiltFromWhatWasAccepted() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "login me")).isEqualTo("ok");
            assertThat(ask(socket, "use a")).isEqualTo("ok");
            assertThat(ask(socket, "use b")).isEqualTo("ok");
            assertThat(ask(socket, "use refused")).isEqualTo("no");
            assertThat(ask(socket, "use a")).isEqualTo("ok");
            server.restart();
            assertThat(ask(socket, "get 1")).isEqualTo("login me;use b;use a;get 1");
        }
    }

    @Test
    void aLoginOfItsOwnComesFirst() throws IOException {
        var policy = SocketPolicy.of(
                        protocol().login((from, to) -> {
                            to.write("login again\n".getBytes(US_ASCII));
                            assertThat(new String(from.readNBytes(3), US_ASCII)).isEqualTo("ok\n");
                        }),
                        Recovery.reopening())
                .quiet(Duration.ZERO);
        try (var socket = connect(policy)) {
            assertThat(ask(socket, "use a")).isEqualTo("ok");
            server.restart();
            assertThat(ask(socket, "get 1")).isEqualTo("login again;use a;get 1");
        }
    }

    @Test
    void aSessionThatIsRefusedNowIsNotRecovered() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "login me")).isEqualTo("ok");
            refusing = true;
            server.restart();
            assertThatThrownBy(() -> ask(socket, "get 1"))
                    .satisfies(e -> assertThat(e.getSuppressed()[0])
                            .hasMessageContaining("refuses now what it accepted before"));
            refusing = false;
            assertThat(ask(socket, "get 2")).isEqualTo("login me;get 2");
        }
    }

    /** A server whose first connection is ended after so many lines, none of which it answers. */
    private Server dyingOnce(int lines) throws IOException {
        var left = new AtomicInteger(lines);
        return new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), client -> {
            for (var line = Lines.next(client); line.isPresent(); line = Lines.next(client)) {
                heard.add(line.get());
                if (left.decrementAndGet() == 0) {
                    return;
                }
                if (left.get() < 0) {
                    Lines.write(client, line.get());
                }
            }
        });
    }

    private Socket connect(Server to, boolean repeatable) throws IOException {
        var socket = new RecoveringSocketFactory(
                        SocketPolicy.of(Protocols.lines(_ -> repeatable), Recovery.reopening()))
                .createSocket();
        socket.connect(to.address());
        return socket;
    }

    @Test
    void whatMayComeTwiceIsRepeated() throws IOException {
        try (var dying = dyingOnce(1);
                var socket = connect(dying, true)) {
            assertThat(ask(socket, "a")).isEqualTo("a");
            assertThat(ask(socket, "b")).isEqualTo("b");
            assertThat(heard).containsExactly("a", "a", "b");
        }
    }

    @Test
    void whatMustNotComeTwiceIsTold() throws IOException {
        try (var dying = dyingOnce(1);
                var socket = connect(dying, false)) {
            assertThatThrownBy(() -> ask(socket, "a")).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(ask(socket, "b")).isEqualTo("b");
            assertThat(heard).containsExactly("a", "b");
        }
    }

    @Test
    void aPipelineIsRepeatedAsAWhole() throws IOException {
        try (var dying = dyingOnce(2);
                var socket = connect(dying, true)) {
            say(socket, "a\nb");
            assertThat(hear(socket)).isEqualTo("a");
            assertThat(hear(socket)).isEqualTo("b");
            assertThat(heard).containsExactly("a", "b", "a", "b");
        }
    }

    /** The thread that waits for the answer is told, whichever has noticed the loss. */
    @Test
    void aReaderIsToldOfWhatAnotherThreadWrote() throws Exception {
        try (var dying = dyingOnce(1);
                var socket = connect(dying, false);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = pool.submit(() -> hear(socket));
            say(socket, "a");
            assertThatThrownBy(reading::get).cause().satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(ask(socket, "b")).isEqualTo("b");
        }
    }

    @Test
    void aTransactionThatIsCutIsTold() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "begin")).isEqualTo("begin");
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            server.restart();
            assertThatThrownBy(() -> ask(socket, "get 2")).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(ask(socket, "begin")).isEqualTo("begin");
            assertThat(ask(socket, "commit")).isEqualTo("commit");
            server.restart();
            assertThat(ask(socket, "get 3")).isEqualTo("get 3");
        }
    }

    @Test
    void aHalfWrittenMessageIsNeverRepeated() throws IOException {
        try (var socket = connect(policy())) {
            socket.getOutputStream().write("get ".getBytes(US_ASCII));
            server.restart();
            connection(socket).reopen();
            assertThatThrownBy(() -> say(socket, "1")).satisfies(e -> is(e, Code.HALF_WRITTEN));
            assertThat(ask(socket, "get 2")).isEqualTo("get 2");
            assertThat(heard).containsExactly("get 2");
        }
    }

    @Test
    void whatIsLongerThanWhatIsKeptIsNotRepeated() throws IOException {
        try (var socket = connect(policy().capacity(8))) {
            assertThat(ask(socket, "get 123")).isEqualTo("get 123");
            say(socket, "get 1234");
            connection(socket).reopen();
            assertThatThrownBy(() -> hear(socket)).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
        }
    }

    @Test
    void whatEndsAConnectionIsNotBroughtBack() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "bye")).isEqualTo("farewell");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(connection(socket).counters().recoveries()).isZero();
        }
    }

    @Test
    void anUnknownProtocolIsBroughtBackBeforeItsFirstByteOnly() throws IOException {
        var policy = SocketPolicy.of(SocketProtocol.unknown(), Recovery.reopening());
        try (var socket = connect(policy)) {
            server.restart();
            connection(socket).resource().close();
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            server.restart();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            connection(socket).resource().close();
            assertThatThrownBy(() -> say(socket, "get 2")).isInstanceOf(SocketException.class);
            assertThat(socket.isClosed()).isTrue();
            assertThat(connection(socket).counters().succeeded()).isEqualTo(1);
        }
    }

    @Test
    void afterHalfACloseALossIsFinal() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(connection(socket).counters().recoveries()).isZero();
        }
    }

    @Test
    void connectingIsRecoveredWhenItIsAskedFor() throws IOException {
        server.kill();
        var opened = new RecoveringSocketFactory(SocketPolicy.of(protocol(), Recovery.reopening())).createSocket();
        assertThatThrownBy(() -> opened.connect(server.address())).isInstanceOf(ConnectException.class);
        assertThat(opened.isClosed()).isTrue();
        var policy = SocketPolicy.of(protocol(), (connection, failure) -> {
                    assertThat(failure).isInstanceOf(ConnectException.class);
                    server.start();
                    connection.reopen();
                })
                .connecting(Connecting.RECOVERED);
        try (var socket = connect(policy)) {
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
        }
    }

    /** What another thread takes out of use while it is asked. */
    private static final class Fleeting extends Socket {
        private final AtomicReference<ThrowingCallable> once;

        Fleeting(AtomicReference<ThrowingCallable> once) {
            this.once = once;
        }

        private void flee() {
            assertThatCode(once.getAndSet(() -> {})).doesNotThrowAnyException();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            flee();
            return super.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            flee();
            return super.getOutputStream();
        }

        @Override
        public void setTcpNoDelay(boolean on) throws SocketException {
            flee();
            super.setTcpNoDelay(on);
        }

        @Override
        public boolean getTcpNoDelay() throws SocketException {
            flee();
            return super.getTcpNoDelay();
        }

        @Override
        public void shutdownOutput() throws IOException {
            flee();
            super.shutdownOutput();
        }
    }

    @Test
    void whatIsTakenOutOfUseWhileItIsAskedIsNotedByNobody() throws IOException {
        var once = new AtomicReference<ThrowingCallable>(() -> {});
        var below = new Sockets(() -> new Fleeting(once));
        try (var socket = new RecoveringSocketFactory(policy(), below).createSocket()) {
            socket.connect(server.address());
            ThrowingCallable reopen = () -> connection(socket).reopen();
            once.set(reopen);
            var in = socket.getInputStream();
            once.set(reopen);
            var out = socket.getOutputStream();
            once.set(reopen);
            socket.setTcpNoDelay(true);
            once.set(reopen);
            assertThat(socket.getTcpNoDelay()).isTrue();
            out.write("get 1\n".getBytes(US_ASCII));
            assertThat(in.readNBytes(6)).asString(US_ASCII).isEqualTo("get 1\n");
            once.set(reopen);
            socket.shutdownOutput();
            assertThat(socket.isOutputShutdown()).isTrue();
            assertThat(in.read()).isNegative();
            assertThat(connection(socket).generation()).isEqualTo(6);
        }
    }

    @Test
    void aSocketThatIsConnectedToItselfIsNotConnected() throws IOException {
        var policy = policy().connecting(Connecting.RECOVERED);
        try (var socket = new RecoveringSocketFactory(policy).createSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatThrownBy(() -> socket.connect(socket.getLocalSocketAddress()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("itself");
        }
    }

    @Test
    void oneThatWouldBeConnectedToItselfLeavesThePortToItsServer() throws IOException {
        var connects = new AtomicInteger();
        var below = new Sockets(() -> new Socket() {
            @Override
            public void connect(SocketAddress remote, int timeoutMs) throws IOException {
                if (connects.incrementAndGet() == 2) {
                    // Free at once: what was written there has met nobody.
                    bind(remote);
                }
                super.connect(remote, timeoutMs);
            }
        });
        try (var socket = new RecoveringSocketFactory(policy(), below).createSocket()) {
            socket.connect(server.address());
            assertThat(ask(socket, "login me")).isEqualTo("ok");
            server.kill();
            assertThatThrownBy(() -> ask(socket, "get 1"))
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .anySatisfy(why -> assertThat(why).hasMessageContaining("itself")));
            server.start();
            assertThat(ask(socket, "get 2")).isEqualTo("login me;get 2");
        }
    }

    @Test
    void aNameWithoutAnAddressIsNoLoss() throws IOException {
        var policy = policy().connecting(Connecting.RECOVERED);
        try (var socket = new RecoveringSocketFactory(policy).createSocket()) {
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("h.invalid", 1)))
                    .isInstanceOf(UnknownHostException.class)
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    void aRecoveryMayLeadElsewhere() throws IOException {
        try (var other = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::serve)) {
            var to = (InetSocketAddress) other.address();
            var policy = SocketPolicy.of(
                            protocol(),
                            (connection, _) -> connection.reopen(() -> new Socket(to.getAddress(), to.getPort())))
                    .quiet(Duration.ZERO);
            try (var socket = connect(policy)) {
                assertThat(ask(socket, "login me")).isEqualTo("ok");
                server.kill();
                assertThat(ask(socket, "get 1")).isEqualTo("login me;get 1");
                assertThat(socket.getPort()).isEqualTo(to.getPort());
            }
        }
    }

    @Test
    void aRecoveryThatFailsIsSaidAndTheNextOperationBeginsAnew() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "login me")).isEqualTo("ok");
            server.kill();
            assertThatThrownBy(() -> ask(socket, "get 1"))
                    .isInstanceOf(IOException.class)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            server.start();
            assertThat(ask(socket, "get 2")).isEqualTo("login me;get 2");
            assertThat(heard).containsExactly("login me", "login me", "get 2");
        }
    }

    /** What was not answered and is told is not repeated later behind the program's back. */
    @Test
    void whatWasToldIsNotRepeatedLater() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(ask(socket, "get 1")).isEqualTo("get 1");
            connection(socket).suspend();
            say(socket, "die");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            connection(socket).enable();
            assertThatThrownBy(() -> ask(socket, "get 2")).satisfies(e -> is(e, Code.NOT_REPEATED));
            assertThat(ask(socket, "get 3")).isEqualTo("get 3");
            assertThat(heard).containsExactly("get 1", "die", "get 3");
        }
    }

    /** A thread that waits for what the peer may say waits on over a restart. */
    @Test
    void aReaderThatWaitsGoesOnOverARestart() throws Exception {
        var restarted = new CountDownLatch(1);
        var policy = SocketPolicy.of(protocol(), (connection, _) -> {
            try {
                restarted.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.reopen();
        });
        try (var socket = connect(policy);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = pool.submit(() -> hear(socket));
            server.restart();
            restarted.countDown();
            say(socket, "get 1");
            assertThat(reading.get()).isEqualTo("get 1");
        }
    }

    @Test
    void othersHaveNoConnection() throws IOException {
        try (var socket = new Socket()) {
            assertThat(RecoveringSocketFactory.connection(socket)).isEmpty();
        }
    }

    @Test
    void aSocketIsNamedByWhereItGoes() throws IOException {
        try (var socket = connect(policy())) {
            assertThat(connection(socket).name()).isEqualTo(server.address().toString());
        }
    }

    @Test
    void aPolicyChecksItsRanges() {
        assertThatThrownBy(() -> policy().capacity(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy().limit(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy().quiet(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> policy().patience(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(policy().patience(Duration.ofMinutes(2)).patience()).isEqualTo(Duration.ofMinutes(2));
    }

    private static void is(Throwable failure, Code code) {
        assertThat(failure).isInstanceOf(RecoveryException.class);
        assertThat(((RecoveryException) failure).code()).isEqualTo(code);
        assertThat(((RecoveryException) failure).outcome()).isEqualTo(Outcome.MAYBE_DONE);
    }
}
