package org.ham.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.HeartbeatSpec;
import org.ham.api.Pulse;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.api.StartSpec;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static <T extends Record> void through(T value, Class<T> type) throws BadMessageException {
        var message = (Message.Reply) Message.read(Message.reply(1L, value), Message.VALUES);
        assertThat(Reading.LENIENT.read(message.result(), type, "")).isEqualTo(value);
        assertThat(Reading.STRICT.read(message.result(), type, "")).isEqualTo(value);
    }

    private static Event event() {
        return new Event(
                12,
                3,
                Instant.parse("2026-11-25T10:00:00.123456789Z"),
                987_654_321,
                "death",
                Optional.of("web ä\u2028\\\""),
                Optional.of("died"),
                Optional.empty(),
                OptionalLong.of(4711),
                Optional.of(ExitReason.signalled("SIGSEGV", true)),
                Optional.of("ok"),
                OptionalLong.empty(),
                Optional.of(new Actor("shell", 0, 12, "r-1")),
                Map.of("list", List.of(1L, "a", true), "map", Map.of("x", 1.5)));
    }

    @Test
    void everythingComesThroughAsItIs() throws BadMessageException {
        var action = new ActionSpec(
                "tell",
                "execute",
                Map.of("command", List.of("/bin/echo", "a b"), "within", "5s", "n", 7L, "flag", true),
                Set.of(ActionFlag.REARM, ActionFlag.BREAK_ON_FAIL),
                List.of(ActionSpec.of("log", "log", Map.of("message", "no"))));
        var conditions = List.of(
                new ConditionSpec("died", ConditionType.ABNORMAL_DEATH, Set.of(ConditionFlag.NO_WAIT), List.of(action)),
                ConditionSpec.onState("up", new StateMatch(StateSet.ofBits(5), StateSet.not(Set.of(0))), Set.of()),
                ConditionSpec.onRaise(
                        "hot", new RaiseMatch(Optional.of(0), Optional.empty(), Optional.of(-3), true), Set.of()));
        var start = new StartSpec(
                List.of("web", "--port", "80"),
                Optional.of("/srv"),
                Map.of("LANG", "C"),
                Optional.of("www"),
                Map.of("nofile", -1L),
                Optional.of("web.log"));
        var entity = new EntitySpec(
                "web",
                Optional.of(start),
                OptionalLong.empty(),
                Set.of(EntityFlag.KEEP_ON_DEATH),
                conditions,
                Optional.of(new HeartbeatSpec(Duration.ofMillis(1500), 2, 5, true)));
        through(new Calls.Attach(entity), Calls.Attach.class);
        through(new Calls.Attach(EntitySpec.running("web", 4711)), Calls.Attach.class);
        through(new Calls.Remove(new ActionHandle("a", "b", "c", 9)), Calls.Remove.class);
        through(new Calls.Remove(new ConditionHandle("a", "b", 9)), Calls.Remove.class);
        through(new Calls.Target(EntityHandle.of("a")), Calls.Target.class);
        through(new Calls.RaiseFor(EntityHandle.GLOBAL, new Raise(1, -2, 3)), Calls.RaiseFor.class);
        through(new Calls.Heartbeats(Optional.of(false)), Calls.Heartbeats.class);
        through(new Calls.Told(7, event()), Calls.Told.class);
        through(new Calls.Send(3, new Pulse(1, 2, "id", HamPath.parse("a/b/c"), event())), Calls.Send.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyRefusalComesThrough(Code code) throws BadMessageException {
        var line = Message.failure(5L, Fault.of(new HamException(code, "why")));
        var failure = (Message.Failure) Message.read(line, Message.VALUES);
        assertThat(failure.fault().exception().code()).isEqualTo(code);
        assertThat(failure.fault().exception()).hasMessage("why");
        assertThat(failure.fault().code()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{",
                "[]",
                "\"x\"",
                "null",
                "{}",
                "{\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":[1]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"} trailing",
                "{\"jsonrpc\":\"2.0\",\"id\":1e999,\"method\":\"x\"}",
                "{\"jsonrpc\":\"2.0\",\"a\":NaN,\"method\":\"x\"}",
            })
    void whatIsNoMessageIsRefused(String line) {
        assertThatThrownBy(() -> Message.read(line.getBytes(UTF_8), Message.VALUES))
                .isInstanceOf(BadMessageException.class);
    }

    @Test
    void changedBytesAreRefusedOrReadAndNothingElse() {
        var seed = Long.getLong("ham.seed", new Random().nextLong());
        var random = new Random(seed);
        var good = Message.request(1L, "attach", new Calls.Attach(EntitySpec.placeholder("web")));
        for (var i = 0; i < 5_000; i++) {
            var bytes = good.clone();
            for (var n = random.nextInt(1, 6); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                if (Message.read(bytes, Message.VALUES) instanceof Message.Request request) {
                    Reading.STRICT.read(request.params(), Calls.Attach.class, "");
                }
            } catch (BadMessageException | HamException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void depthAndNumberOfValuesAreLimited() {
        var begin = "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{\"a\":";
        var deep = begin + "[".repeat(40) + "]".repeat(40) + "}}";
        assertThatThrownBy(() -> Message.read(deep.getBytes(UTF_8), Message.VALUES))
                .isInstanceOf(BadMessageException.class);
        var wide = begin + "[" + "0,".repeat(100) + "0]}}";
        assertThatThrownBy(() -> Message.read(wide.getBytes(UTF_8), 50))
                .isInstanceOf(BadMessageException.class)
                .hasMessageContaining("too many values");
    }

    @Test
    void linesAreCutWhateverTheirLengthAndMemoryIsGivenBack() throws Exception {
        var text = "a\n" + "b".repeat(3_000) + "\n\nlast without end";
        var memory = new Budget(10_000);
        var reader = new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), 4_000, memory);
        assertThat(reader.next().orElseThrow()).asString(UTF_8).isEqualTo("a");
        assertThat(reader.next().orElseThrow()).hasSize(3_000);
        assertThat(reader.next().orElseThrow()).isEmpty();
        assertThat(reader.next()).isEmpty();
        reader.close();
        assertThat(memory.left()).isEqualTo(10_000);
    }

    @Test
    void aLineThatIsTooLongOrThatNoMemoryIsLeftForIsRefused() {
        var bytes = ("b".repeat(5_000) + "\n").getBytes(UTF_8);
        assertThatThrownBy(() -> new LineReader(new ByteArrayInputStream(bytes), 4_000, new Budget(10_000)).next())
                .hasMessageContaining("a line may have 4000 bytes");
        assertThatThrownBy(() -> new LineReader(new ByteArrayInputStream(bytes), 10_000, new Budget(2_000)).next())
                .hasMessageContaining("no memory");
    }
}
