package org.ham.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.ham.api.HamException;
import org.ham.linux.HandedOnSockets;
import org.ham.spi.HeldSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ControlServerTest {
    @RegisterExtension
    final Served served = new Served();

    @Test
    void aCallIsAnsweredUnderItsId() throws IOException {
        try (var raw = served.raw()) {
            raw.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"attach\",\"params\":{\"entity\":{\"name\":\"web\"}}}");
            assertThat(raw.line())
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"name\":\"web\",\"id\":9}}");
        }
    }

    @Test
    void theActorIsWhoTheKernelSaysAndTheNameIsTheOneOfHello() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "hello", "{\"protocol\":1,\"name\":\"deploy\"}");
            var welcome = raw.next().getAsJsonObject("result");
            assertThat(welcome.get("process").getAsLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(welcome.get("all").getAsBoolean()).isTrue();
            assertThat(served.ham.actors).singleElement().satisfies(actor -> {
                assertThat(actor.name()).isEqualTo("deploy");
                assertThat(actor.pid()).isEqualTo(ProcessHandle.current().pid());
            });
            assertThat(served.ham.processes.getFirst().orElseThrow()).isEqualTo(Caller.id(served.linux.self()));
        }
    }

    @Test
    void anotherVersionOfTheProtocolIsRefused() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "hello", "{\"protocol\":2,\"name\":\"new\"}");
            assertThat(raw.line()).contains("\"code\":22", "this HAM speaks 1");
        }
    }

    @Test
    void aRefusalCarriesTheErrorNumberOfTheOriginal() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "attach", "{\"entity\":{\"name\":\"taken\"}}");
            var error = raw.next().getAsJsonObject("error");
            assertThat(error.get("code").getAsInt()).isEqualTo(17);
            assertThat(error.getAsJsonObject("data").get("errno").getAsString()).isEqualTo("EEXIST");
            raw.call(2, "attach", "{\"entity\":{\"name\":\"a/b\"}}");
            assertThat(raw.line()).contains("\"code\":22", "EINVAL");
            raw.call(3, "attach", "{\"entity\":{\"name\":\"" + "x".repeat(300) + "\"}}");
            assertThat(raw.line()).contains("\"code\":36", "ENAMETOOLONG");
            raw.call(4, "attach", "{\"entity\":{\"name\":\"a\",\"colour\":\"red\"}}");
            assertThat(raw.line()).contains("unknown name 'colour'", "known are: name, start");
            raw.call(5, "attach", "{\"entity\":{\"name\":\"a\",\"flags\":[\"red\"]}}");
            assertThat(raw.line()).contains("entity.flags[0]: unknown word 'red'", "keep-on-death");
            raw.call(6, "attach", "{\"entity\":{\"name\":\"a\",\"pid\":\"4711\"}}");
            assertThat(raw.line()).contains("entity.pid: expected a whole number");
        }
    }

    @Test
    void aRepeatUnderOneIdIsCarriedOutOnce() throws IOException {
        try (var raw = served.raw();
                var again = served.raw()) {
            for (var one : new Raw[] {raw, raw, again}) {
                one.call(
                        1,
                        "raise",
                        "{\"entity\":{\"name\":\"web\"},\"what\":{\"type\":1,\"category\":2,\"severity\":3},"
                                + "\"request\":\"r-1\"}");
                assertThat(one.line()).contains("\"result\":{}");
            }
        }
        assertThat(served.ham.calls).hasSize(1);
    }

    @Test
    void garbageIsAnsweredAndNothingBreaks() throws IOException {
        try (var raw = served.raw()) {
            raw.send("GET / HTTP/1.1");
            assertThat(raw.line()).contains("\"id\":null", "-32700");
            raw.send(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
            assertThat(raw.line()).contains("no UTF-8");
            raw.send("[]");
            assertThat(raw.line()).contains("-32600", "batches");
            raw.send("{\"jsonrpc\":\"1.0\"}");
            assertThat(raw.line()).contains("-32600");
            raw.send("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"tree\"}");
            assertThat(raw.line()).contains("an id is a whole number");
            raw.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"tree\"}");
            assertThat(raw.line()).contains("comes twice");
            raw.call(7, "attach", "{\"entity\":" + "[".repeat(200) + "]".repeat(200) + "}");
            assertThat(raw.line()).contains("\"id\":null", "error");
            raw.call(8, "attach", "{\"entity\":[" + "0,".repeat(3000) + "0]}");
            assertThat(raw.line()).contains("\"id\":8", "entity: expected an object");
            raw.call(9, "fly", "{}");
            assertThat(raw.line()).contains("-32601", "no method 'fly'");
            raw.call(10, "status", "{}");
            assertThat(raw.line()).contains("\"id\":10", "\"hamPid\"");
        }
    }

    @Test
    void randomBytesEndNothingButTheirOwnConnection() throws IOException {
        var seed = Long.getLong("ham.seed", new Random().nextLong());
        var random = new Random(seed);
        for (var i = 0; i < 20; i++) {
            try (var raw = served.raw()) {
                var bytes = new byte[random.nextInt(1, 20_000)];
                random.nextBytes(bytes);
                raw.send(bytes);
            } catch (IOException _) {
                // Cut off in the middle of it.
            }
            await().until(() -> served.server.clients() == 0);
        }
        try (var raw = served.raw()) {
            assertThat(raw.call(1, "status", "{}").line()).as("seed %d", seed).contains("\"hamPid\"");
        }
    }

    @Test
    void aLineThatIsTooLongIsToldAndCutOff() throws IOException {
        try (var raw = served.raw()) {
            raw.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + "x".repeat(9000));
            assertThat(raw.line()).contains("\"bye\"", "a line may have 8192 bytes");
            assertThat(raw.ended()).isTrue();
        }
    }

    @Test
    void oneThatSaysNothingIsCutOff() throws IOException {
        try (var raw = served.raw();
                var half = served.raw()) {
            half.send("{\"jsonrpc\":".getBytes(UTF_8));
            assertThat(raw.line()).contains("\"bye\"", "ETIMEDOUT");
            assertThat(half.line()).contains("\"bye\"", "ETIMEDOUT");
            assertThat(raw.ended()).isTrue();
        }
        await().until(() -> served.server.clients() == 0);
    }

    @Test
    void oneThatReadsNothingIsToldAndCutOffAndOthersAreServed() throws IOException {
        try (var slow = served.raw();
                var quick = served.raw()) {
            slow.call(1, "subscribe", "{\"subscription\":1,\"after\":0}");
            assertThat(slow.line()).contains("\"after\":0");
            assertThat(quick.call(1, "verbosity", "{}").line()).contains("\"id\":1");
            served.ham.happen(20_000);
            assertThat(quick.call(2, "status", "{}").line()).contains("\"hamPid\"");
            // What was cut off can still read what was sent, in order, and then why.
            await().until(() -> served.server.clients() == 1);
            var last = 0L;
            var bye = "";
            try {
                for (var line = slow.line(); line != null && line.endsWith("}"); line = slow.line()) {
                    if (line.contains("\"method\":\"event\"")) {
                        last++;
                        assertThat(line).contains("\"seq\":" + last + ",");
                    } else {
                        bye = line;
                    }
                }
            } catch (IOException _) {
                // The end.
            }
            assertThat(last).isBetween(100L, 19_000L);
            assertThat(bye).isEmpty();
        }
    }

    @Test
    void oneThatReadsAgainAfterTheCutIsToldWhy() throws IOException {
        served.serve(Limits.from(name -> name.equals("ham.control.read-within") ? "10s" : null));
        try (var slow = served.raw()) {
            slow.call(1, "subscribe", "{\"subscription\":1,\"after\":0}");
            served.ham.happen(20_000);
            await().pollInterval(Duration.ofMillis(10)).until(() -> served.server.cutOff() == 1);
            var last = "";
            for (var line = slow.line(); line != null; line = slow.line()) {
                last = line;
            }
            assertThat(last).contains("\"bye\"", "nothing was read", "go on after the last line");
        }
    }

    @Test
    void withAWindowOnlySoManyLinesAreUnderWay() throws IOException {
        served.ham.happen(100);
        try (var raw = served.raw()) {
            raw.call(1, "subscribe", "{\"subscription\":1,\"after\":10,\"window\":5}");
            var lines = new ArrayList<String>();
            for (var i = 0; i < 6; i++) {
                lines.add(raw.line());
            }
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("\"result\":{\"after\":10}"));
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("\"seq\":15,"));
            raw.call(2, "status", "{}");
            assertThat(raw.line()).contains("\"id\":2");
            raw.send("{\"jsonrpc\":\"2.0\",\"method\":\"taken\",\"params\":{\"subscription\":1,\"seq\":12}}");
            assertThat(raw.line()).contains("\"seq\":16,");
            assertThat(raw.line()).contains("\"seq\":17,");
            raw.call(3, "unsubscribe", "{\"subscription\":1}");
            assertThat(raw.line()).contains("\"id\":3");
        }
    }

    @Test
    void subscriptionsAndRequestsOfOneConnectionAreLimited() throws IOException {
        try (var raw = served.raw()) {
            for (var i = 1; i <= 4; i++) {
                raw.call(i, "subscribe", "{\"subscription\":" + i + ",\"after\":0}");
                var line = raw.line();
                assertThat(line).contains(i <= 3 ? "result" : "EAGAIN");
            }
            raw.call(5, "unsubscribe", "{\"subscription\":1}").line();
            raw.call(6, "subscribe", "{\"subscription\":2,\"after\":0}");
            assertThat(raw.line()).contains("EEXIST");
            served.ham.hold();
            for (var i = 11; i <= 14; i++) {
                raw.call(i, "enable", "{\"target\":{\"name\":\"web\"},\"enabled\":true}");
            }
            await().until(() -> served.ham.waiting() == 4);
            raw.call(15, "status", "{}");
            assertThat(raw.line()).contains("\"id\":15", "EAGAIN", "4 requests");
            served.ham.release();
            for (var i = 11; i <= 14; i++) {
                assertThat(raw.line()).contains("result");
            }
            raw.call(16, "status", "{}");
            assertThat(raw.line()).contains("\"hamPid\"");
        }
    }

    @Test
    void connectionsAreLimitedAndTheNextOneIsToldWhy() throws IOException {
        var all = new ArrayList<Raw>();
        try {
            for (var i = 0; i < 20; i++) {
                var raw = served.raw();
                all.add(raw);
                assertThat(raw.call(1, "verbosity", "{}").line()).contains("\"level\":0");
            }
            try (var late = served.raw()) {
                assertThat(late.line()).contains("\"bye\"", "EAGAIN", "all 20 connections");
            }
            all.removeFirst().close();
            await().until(() -> served.server.clients() == 19);
            try (var next = served.raw()) {
                assertThat(next.call(1, "verbosity", "{}").line()).contains("\"level\":0");
            }
        } finally {
            for (var raw : all) {
                raw.close();
            }
        }
    }

    @Test
    void oneThatSaysNothingMoreComesGetsItsAnswersAndIsGone() throws IOException {
        try (var raw = served.raw()) {
            served.ham.happen(3);
            served.ham.hold();
            raw.call(1, "reportState", "{\"entity\":{\"name\":\"web\"},\"state\":3}");
            await().until(() -> served.ham.waiting() == 1);
            raw.channel.shutdownOutput();
            served.ham.release();
            assertThat(raw.line()).contains("\"id\":1", "result");
            assertThat(raw.ended()).isTrue();
        }
        await().until(() -> served.ham.closed() == 1);
    }

    @Test
    void memoryIsGivenBackWhateverHappens() throws IOException {
        var before = served.server.memoryLeft();
        for (var i = 0; i < 10; i++) {
            try (var raw = served.raw()) {
                raw.call(1, "subscribe", "{\"subscription\":1,\"after\":0}");
                served.ham.happen(500);
                raw.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"raise\",\"params\":{\"x\":\"" + "y".repeat(5000));
            }
        }
        await().until(() -> served.ham.closed() == 10 && served.server.clients() == 0);
        assertThat(served.server.memoryLeft()).isEqualTo(before);
    }

    @Test
    void aPulseIsTakenWhenTheClientSaysSo() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "openChannel", "{}");
            assertThat(raw.line()).contains("\"number\":1");
            var sent = CompletableFuture.runAsync(() -> served.ham.send(1, MemoryHam.pulse(42)));
            var pulse = raw.next();
            assertThat(pulse.get("method").getAsString()).isEqualTo("pulse");
            assertThat(pulse.toString()).contains("\"value\":42", "\"action\":\"web/died/tell\"", "\"seq\":3");
            assertThat(sent).isNotDone();
            raw.send("{\"jsonrpc\":\"2.0\",\"id\":" + pulse.get("id") + ",\"result\":{}}");
            sent.join();
        }
    }

    @Test
    void aPulseThatIsNotTakenFails() throws IOException {
        try (var raw = served.raw()) {
            raw.call(1, "openChannel", "{}").line();
            assertThatThrownBy(() -> served.ham.send(1, MemoryHam.pulse(1)))
                    .isInstanceOfSatisfying(
                            HamException.class, e -> assertThat(e.code()).isEqualTo(HamException.Code.TIMED_OUT));
            raw.next();
            var sent = CompletableFuture.runAsync(() -> served.ham.send(1, MemoryHam.pulse(2)));
            raw.send("{\"jsonrpc\":\"2.0\",\"id\":" + raw.next().get("id")
                    + ",\"error\":{\"code\":1,\"message\":\"full\"}}");
            assertThatThrownBy(sent::join).hasMessageContaining("refused the pulse: full");
        }
    }

    @Test
    void theSocketIsForEverybodyUnlessOthersAreShutOut() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(served.socket())))
                .isEqualTo("rw-rw-rw-");
        served.serve(Limits.from(name -> name.equals("ham.control.others") ? "none" : null));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(served.socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void theSocketIsOfferedToTheGuardianWhileItIsOpen() {
        await().until(() -> served.held.sockets.size() == 1);
        assertThat(served.held.sockets).singleElement().satisfies(held -> {
            assertThat(held.name()).isEqualTo("control");
            assertThat(held.path()).isEqualTo(served.socket());
            assertThat(held.descriptor()).isPositive();
        });
        served.server.close();
        await().until(served.held.sockets::isEmpty);
    }

    /** As the first Guardian is started as soon as this process leads. */
    @Test
    void whoIsAboutToLeadHasASocketAheadOfItsServer() throws IOException {
        served.server.close();
        await().until(served.held.sockets::isEmpty);
        var door = new Door(served.linux::sockets, served.socket(), Map.of(), HandedOnSockets.NONE, served.held::add);
        var socket = new ControlSocket(door, Served.TIGHT);
        socket.prepare();
        socket.prepare();
        assertThat(served.held.sockets).hasSize(1);
        try (var early = served.raw()) {
            try (var open = socket.open()) {
                // As whenever it leads again.
                socket.prepare();
                assertThat(served.held.sockets)
                        .extracting(HeldSocket::descriptor)
                        .containsExactly(open.listener().fd());
                open.listener().accept().close();
            }
            assertThat(early.line()).isNull();
        }
        assertThat(served.held.sockets).isEmpty();
        socket.prepare();
        socket.close();
        assertThat(served.held.sockets).isEmpty();
        assertThat(served.socket()).doesNotExist();
    }

    @Test
    void clientsOfAnInheritedSocketHaveWaitedInIt() throws IOException {
        served.server.close();
        // The HAM before: its listener is what the Guardian was started with.
        var before = served.linux.sockets().listen(served.socket(), 0600);
        try (var early = served.raw()) {
            early.call(1, "verbosity", "{}");
            served.environment =
                    Map.of(HeldSocket.VARIABLE, "control=" + before.fd() + ":" + HeldSocket.inode(served.socket()));
            served.serve(Served.TIGHT);
            assertThat(early.line()).contains("\"id\":1", "\"level\":0");
        }
        served.environment = Map.of(HeldSocket.VARIABLE, "control=" + before.fd() + ":1");
        served.serve(Served.TIGHT);
        try (var next = served.raw()) {
            assertThat(next.call(2, "verbosity", "{}").line())
                    .as("another socket stands there")
                    .contains("\"id\":2");
        }
    }

    @Test
    void closingGivesRequestsUnderWayAMoment() throws IOException {
        try (var raw = served.raw()) {
            served.ham.hold();
            raw.call(1, "stop", "{}");
            await().until(() -> served.ham.waiting() == 1);
            var closing = CompletableFuture.runAsync(served.server::close);
            served.ham.release();
            assertThat(raw.line()).contains("\"id\":1", "result");
            assertThat(closing).succeedsWithin(Duration.ofSeconds(20));
        }
        assertThat(served.socket()).doesNotExist();
    }

    @Test
    void whatWaitsWhileACoreIsReplacedIsCutOffToBeAskedOfTheNextOne() throws IOException {
        served.stops = false;
        served.serve(Served.patient(Duration.ofHours(1)));
        try (var raw = served.raw()) {
            served.ham.hold();
            raw.call(1, "attach", "{\"entity\":{\"name\":\"web\",\"start\":{\"command\":[\"true\"]}}}");
            await().until(() -> served.ham.waiting() == 1);
            served.server.end(served.ham);
            assertThat(raw.line()).as("no answer").isNull();
        }
    }
}
