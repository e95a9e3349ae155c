package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ham.recovery.FaultProxy.Direction;
import org.ham.recovery.FaultProxy.Fault;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An exchange is harmed at every byte of it, in both directions, in each way: the program gets the right answer or the exception that
 * the documentation names, and what the server has carried out fits what the program was told.
 */
class FaultEnumerationTest {
    private static final List<String> REQUESTS = List.of("open the valve", "raise it by two", "close it again");
    private static final int REQUEST_BYTES = bytes(REQUESTS);
    private static final int ANSWER_BYTES =
            bytes(REQUESTS.stream().map(Ledger::answer).toList());

    /** After these an answer may be on its way when the harm is done, and be cut or not. */
    private static final Set<Integer> ENDS_OF_REQUESTS =
            Set.of(bytes(REQUESTS.subList(0, 1)), bytes(REQUESTS.subList(0, 2)), REQUEST_BYTES);

    private static int bytes(List<String> lines) {
        return lines.stream().mapToInt(line -> line.length() + 1).sum();
    }

    /** What the program was told of a request: the right answer, or that it may have happened. */
    private enum Told {
        DONE,
        MAYBE
    }

    /** A program with its own way of talking. A stall is ended by a limit of its own, which needs no clock here. */
    private interface Program {
        List<Told> run(SocketAddress server, CompletableFuture<Runnable> limit) throws IOException;
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
                throw new EOFException("the answer is cut");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static Socket connect(SocketAddress server) throws IOException {
        var socket = new Socket();
        socket.connect(server);
        return socket;
    }

    private static Told told(String request, String answer) {
        assertThat(answer).isEqualTo(Ledger.answer(request));
        return Told.DONE;
    }

    private static Told told(RecoveryException failure) {
        assertThat(failure.code()).isIn(Code.NOT_REPEATED, Code.HALF_WRITTEN);
        assertThat(failure.outcome()).isEqualTo(Outcome.MAYBE_DONE);
        return Told.MAYBE;
    }

    /** A connection whose operations are whole exchanges. */
    private static List<Told> byOperation(Replay replay, SocketAddress server, CompletableFuture<Runnable> limit)
            throws IOException {
        var told = new ArrayList<Told>();
        var target = Target.of("server", () -> connect(server), Losses.ofSockets());
        try (var connection = Connection.open(target, Recovery.reopening())) {
            limit.complete(() -> reopen(connection));
            for (var request : REQUESTS) {
                try {
                    told.add(told(request, connection.<String>call(replay, socket -> exchange(socket, request))));
                } catch (RecoveryException e) {
                    told.add(told(e));
                }
            }
        }
        return told;
    }

    private static String exchange(Socket socket, String request) throws IOException {
        say(socket, request);
        return hear(socket);
    }

    /** Any client of a socket factory. */
    private static List<Told> byFactory(SocketPolicy policy, SocketAddress server, CompletableFuture<Runnable> limit)
            throws IOException {
        var told = new ArrayList<Told>();
        try (var socket = new RecoveringSocketFactory(policy).createSocket()) {
            socket.connect(server);
            limit.complete(
                    () -> reopen(RecoveringSocketFactory.connection(socket).orElseThrow()));
            for (var request : REQUESTS) {
                try {
                    told.add(told(request, exchange(socket, request)));
                } catch (RecoveryException e) {
                    told.add(told(e));
                }
            }
        }
        return told;
    }

    private static SocketPolicy lines(boolean repeatable) {
        return SocketPolicy.of(Protocols.lines(_ -> repeatable), Recovery.reopening());
    }

    /** A covered channel, which a second thread takes away from a stall. */
    private static List<Told> byChannel(StreamReplay replay, SocketAddress server, CompletableFuture<Runnable> limit)
            throws IOException {
        var told = new ArrayList<Told>();
        try (var cover = RecoveringSocketChannel.open(server, replay, Recovery.reopening())) {
            limit.complete(() -> reopen(cover.connection()));
            for (var request : REQUESTS) {
                try {
                    Lines.write(cover, request);
                    told.add(told(request, Lines.next(cover).orElseThrow(EOFException::new)));
                    cover.settle();
                } catch (RecoveryException e) {
                    told.add(told(e));
                } catch (EOFException e) {
                    // The end of the stream is the program's own affair with STOP.
                    assertThat(replay).isEqualTo(StreamReplay.STOP);
                    told.add(Told.MAYBE);
                    cover.settle();
                    reopen(cover.connection());
                }
            }
        }
        return told;
    }

    private static void reopen(Connection<?> connection) {
        try {
            connection.reopen();
        } catch (IOException e) {
            // The program is at its end already.
            assertThat(connection.isOpen()).isFalse();
        }
    }

    /** Both sides know what the other has. */
    private static List<Told> byHandshake(SocketAddress server, CompletableFuture<Runnable> limit) throws IOException {
        var told = new ArrayList<Told>();
        var target = Target.of("server", () -> SocketChannel.open(server), Losses.ofSockets());
        try (var stream = ResumingChannel.open(target, ResumingServer::shake, 1024, Recovery.reopening())) {
            limit.complete(() -> reopen(stream.connection()));
            for (var request : REQUESTS) {
                told.add(told(request, Lines.ask(stream, request)));
            }
        }
        return told;
    }

    private enum Kind {
        OPERATION_AT_LEAST_ONCE((server, limit) -> byOperation(Replay.AT_LEAST_ONCE, server, limit)),
        OPERATION_AT_MOST_ONCE((server, limit) -> byOperation(Replay.AT_MOST_ONCE, server, limit)),
        FACTORY_AT_LEAST_ONCE((server, limit) -> byFactory(lines(true), server, limit)),
        FACTORY_AT_MOST_ONCE((server, limit) -> byFactory(lines(false), server, limit)),
        CHANNEL_THAT_STOPS((server, limit) -> byChannel(StreamReplay.STOP, server, limit)),
        CHANNEL_THAT_GOES_ON((server, limit) -> byChannel(StreamReplay.GO_ON, server, limit)),
        HANDSHAKE((server, limit) -> byHandshake(server, limit));

        private final Program program;

        Kind(Program program) {
            this.program = program;
        }

        boolean mayDouble() {
            return this == OPERATION_AT_LEAST_ONCE || this == FACTORY_AT_LEAST_ONCE;
        }

        /** Nothing is repeated of whose answer a part was read: where a socket knows no operations, that is told. */
        boolean alwaysAnswers(Direction direction, int position) {
            return this == OPERATION_AT_LEAST_ONCE
                    || this == HANDSHAKE
                    || this == FACTORY_AT_LEAST_ONCE
                            && (direction == Direction.TO_SERVER
                                    ? !ENDS_OF_REQUESTS.contains(position)
                                    : position == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServerHasDoneWhatTheProgramWasTold(Kind kind) throws Exception {
        for (var fault : Fault.values()) {
            for (var direction : Direction.values()) {
                var last = direction == Direction.TO_SERVER ? REQUEST_BYTES : ANSWER_BYTES;
                for (var position = 0; position <= last; position++) {
                    harm(kind, fault, direction, position);
                }
            }
        }
    }

    private static void harm(Kind kind, Fault fault, Direction direction, int position) throws Exception {
        var where = kind + " " + fault + " " + direction + " at byte " + position;
        var ledger = new Ledger();
        var resuming = new ResumingServer(ledger);
        Server.Dialogue dialogue = kind == Kind.HANDSHAKE ? resuming::serve : ledger::serve;
        var limit = new CompletableFuture<Runnable>();
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<Told> told;
        FaultProxy proxy;
        try (var server = new Server(loopback, dialogue);
                var between = new FaultProxy(
                        server.address(),
                        fault,
                        direction,
                        position,
                        () -> limit.join().run())) {
            proxy = between;
            told = run(kind, between.address(), limit);
        }
        assertThat(proxy.hasHarmed()).as(where).isTrue();
        check(kind, kind.alwaysAnswers(direction, position), where, told, ledger.done());
    }

    /** A program that fails leaves nobody waiting for its limit. */
    private static List<Told> run(Kind kind, SocketAddress server, CompletableFuture<Runnable> limit)
            throws IOException {
        try {
            return kind.program.run(server, limit);
        } finally {
            limit.complete(() -> {});
        }
    }

    private static void check(Kind kind, boolean answers, String where, List<Told> told, List<String> done) {
        assertThat(told).as(where).hasSameSizeAs(REQUESTS);
        if (answers) {
            assertThat(told).as(where).containsOnly(Told.DONE);
        }
        assertThat(done).as(where).isSubsetOf(REQUESTS);
        for (var at = 0; at < REQUESTS.size(); at++) {
            var times = Collections.frequency(done, REQUESTS.get(at));
            if (told.get(at) == Told.DONE) {
                assertThat(times).as(where).isPositive();
            }
            if (!kind.mayDouble()) {
                assertThat(times).as(where).isLessThanOrEqualTo(1);
            }
        }
        // One connection is harmed: at most one request is in doubt.
        assertThat(Collections.frequency(told, Told.MAYBE)).as(where).isLessThanOrEqualTo(1);
    }
}
