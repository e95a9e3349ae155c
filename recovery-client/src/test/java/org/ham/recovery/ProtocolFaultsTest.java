package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.ham.recovery.FaultProxy.Direction;
import org.ham.recovery.FaultProxy.Fault;
import org.ham.recovery.Script.Kind;
import org.ham.recovery.Script.Turn;
import org.ham.recovery.ScriptedProgram.Told;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same as {@link FaultEnumerationTest} for the ready-made protocols: whatever byte of a talk is harmed, the program gets each answer
 * whole and of its own request, or is told, and no server hears what it has not been prepared for.
 */
class ProtocolFaultsTest {
    private enum Protocol {
        REDIS(Script.ofRedis()),
        HTTP(Script.ofHttp()),
        POSTGRES(Script.ofPostgres()),
        MQTT(Script.ofMqtt());

        private final Script script;

        Protocol(Script script) {
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServerHasDoneWhatTheProgramWasTold(Protocol protocol) throws Exception {
        harm(protocol, 1);
    }

    @ParameterizedTest
    @EnumSource
    void theSameWithTwoRequestsUnderWay(Protocol protocol) throws Exception {
        harm(protocol, 2);
    }

    private static void harm(Protocol protocol, int together) throws Exception {
        var script = protocol.script;
        for (var fault : Fault.values()) {
            for (var direction : Direction.values()) {
                var last = script.turns().stream()
                        .mapToInt(turn -> bytes(script, turn, direction))
                        .sum();
                for (var position = 0; position <= last; position++) {
                    harm(script, together, fault, direction, position);
                }
            }
        }
    }

    private static int bytes(Script script, Turn turn, Direction direction) {
        return direction == Direction.TO_SERVER ? turn.request().length() : turn.bytes(script.aside());
    }

    private static void harm(Script script, int together, Fault fault, Direction direction, int position)
            throws Exception {
        var where = fault + " " + direction + " at byte " + position;
        var scripted = new ScriptedServer(script);
        var limit = new CompletableFuture<Runnable>();
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ScriptedProgram program;
        FaultProxy proxy;
        try (var server = new Server(loopback, scripted::serve);
                var between = new FaultProxy(
                        server.address(),
                        fault,
                        direction,
                        position,
                        () -> limit.join().run())) {
            proxy = between;
            program = run(script, together, between.address(), limit);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(where, e);
        }
        assertThat(proxy.hasHarmed()).as(where).isTrue();
        assertThat(scripted.strange()).as(where).isEmpty();
        // One connection is harmed.
        var most = together == 1 && isUnnoticed(script, direction, position) ? 0 : 1;
        assertThat(program.losses()).as(where).isLessThanOrEqualTo(most);
        for (var turn : script.turns()) {
            check(turn, program.told(turn), Collections.frequency(scripted.done(), turn), where);
        }
    }

    private static ScriptedProgram run(
            Script script, int together, SocketAddress server, CompletableFuture<Runnable> limit) throws IOException {
        var policy = SocketPolicy.of(script.protocol(), Recovery.reopening());
        try (var socket = new RecoveringSocketFactory(policy).createSocket()) {
            socket.connect(server);
            socket.setTcpNoDelay(true);
            limit.complete(
                    () -> reopen(RecoveringSocketFactory.connection(socket).orElseThrow()));
            var program = new ScriptedProgram(script, socket, together);
            program.run();
            return program;
        }
    }

    private static void reopen(Connection<?> connection) {
        try {
            connection.reopen();
        } catch (IOException _) {
            // The program is at its end already.
            assertThat(connection.isOpen()).isFalse();
        }
    }

    /** What may come twice and has not come whole is not answered, so that it comes again and nobody knows. */
    private static boolean isUnnoticed(Script script, Direction direction, int position) {
        var end = 0;
        for (var turn : script.turns()) {
            var begin = end;
            end += bytes(script, turn, Direction.TO_SERVER);
            if (begin < position && position < end) {
                return direction == Direction.TO_SERVER && (turn.kind() == Kind.READ || turn.kind() == Kind.LOGIN);
            }
        }
        return position == 0;
    }

    private static void check(Turn turn, Told told, int times, String where) {
        if (told == Told.DONE && turn.kind() != Kind.TOLD) {
            assertThat(times).as("%s: %s", where, turn).isPositive();
        }
        if (told == Told.NOT_ASKED) {
            assertThat(times).as("%s: %s", where, turn).isZero();
        }
        if (turn.kind() != Kind.READ && turn.kind() != Kind.LOGIN) {
            assertThat(times).as("%s: %s", where, turn).isLessThanOrEqualTo(1);
        }
    }
}
