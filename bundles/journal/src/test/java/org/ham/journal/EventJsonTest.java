package org.ham.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.000000042Z");

    private static Event bare(Map<String, Object> data) {
        return new Event(
                1,
                2,
                TIME,
                3,
                "note",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                data);
    }

    private static Event withReason(ExitReason reason) {
        var event = bare(Map.of());
        return new Event(
                event.seq(),
                event.epoch(),
                event.time(),
                event.mono(),
                event.type(),
                event.entity(),
                event.condition(),
                event.action(),
                event.pid(),
                Optional.of(reason),
                event.outcome(),
                event.cause(),
                event.actor(),
                event.data());
    }

    @Test
    void leavesOutWhatIsAbsent() {
        assertThat(EventJson.write(bare(Map.of())))
                .isEqualTo(
                        "{\"seq\":1,\"epoch\":2,\"time\":\"2026-03-01T12:00:00.000000042Z\",\"mono\":3,\"type\":\"note\"}");
    }

    @Test
    void writesAllFieldsInTheOrderOfTheInterface() {
        var event = new Event(
                17,
                3,
                TIME,
                99,
                "death",
                Optional.of("web"),
                Optional.of("died"),
                Optional.of("restart"),
                OptionalLong.of(4711),
                Optional.of(ExitReason.signalled("SIGSEGV", true)),
                Optional.of("failed: no"),
                OptionalLong.of(16),
                Optional.of(new Actor("shell", 1000, 12)),
                Map.of("a", "b"));
        assertThat(EventJson.write(event))
                .isEqualTo(
                        "{\"seq\":17,\"epoch\":3,\"time\":\"2026-03-01T12:00:00.000000042Z\",\"mono\":99,\"type\":\"death\","
                                + "\"entity\":\"web\",\"condition\":\"died\",\"action\":\"restart\",\"pid\":4711,"
                                + "\"reason\":{\"kind\":\"signalled\",\"signal\":\"SIGSEGV\",\"core\":true},"
                                + "\"outcome\":\"failed: no\",\"cause\":16,"
                                + "\"actor\":{\"name\":\"shell\",\"uid\":1000,\"pid\":12},\"data\":{\"a\":\"b\"}}");
        assertThat(EventJson.read(EventJson.write(event))).isEqualTo(event);
    }

    @Test
    void writesTheThreeKindsOfReasons() {
        assertThat(EventJson.write(withReason(ExitReason.exited(3))))
                .contains("\"reason\":{\"kind\":\"exited\",\"code\":3}");
        assertThat(EventJson.write(withReason(ExitReason.signalled("SIGKILL", false))))
                .contains("\"reason\":{\"kind\":\"signalled\",\"signal\":\"SIGKILL\",\"core\":false}");
        assertThat(EventJson.write(withReason(ExitReason.UNKNOWN))).contains("\"reason\":{\"kind\":\"unknown\"}");
        for (var reason : List.of(ExitReason.exited(3), ExitReason.signalled("SIGKILL", false), ExitReason.UNKNOWN)) {
            assertThat(EventJson.read(EventJson.write(withReason(reason))).reason())
                    .contains(reason);
        }
    }

    @Test
    void bringsDataBackWithTheirTypesAndOrder() {
        var data = new LinkedHashMap<String, Object>();
        data.put("z", 1L);
        data.put("y", Long.MIN_VALUE);
        data.put("x", 1.0);
        data.put("w", 1e300);
        data.put("v", true);
        data.put("u", List.of(1L, "two", List.of(), Map.of("k", 2.5)));
        data.put("t", Map.of());
        data.put("s", "");
        var read = EventJson.read(EventJson.write(bare(data))).data();
        assertThat(read).isEqualTo(data);
        assertThat(read.keySet()).containsExactlyElementsOf(data.keySet());
        assertThatThrownBy(() -> read.put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) Objects.requireNonNull(read.get("u"))).remove(0))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void makesLongsOfSmallerIntegersAndStringsOfWhatJsonDoesNotHave() {
        var data = new LinkedHashMap<String, Object>();
        data.put("int", 5);
        data.put("nan", Double.NaN);
        data.put("path", java.nio.file.Path.of("/x"));
        assertThat(EventJson.read(EventJson.write(bare(data))).data())
                .isEqualTo(Map.of("int", 5L, "nan", "NaN", "path", "/x"));
    }

    @Test
    void keepsNullsInData() {
        var data = new LinkedHashMap<String, Object>(Collections.singletonMap("gone", null));
        assertThat(EventJson.read(EventJson.write(bare(data))).data()).isEqualTo(data);
    }

    @Test
    void keepsAnyText() {
        var text = "quote \" backslash \\ line\nend\r\t nul\0 é € 😀 \u2028 <&>";
        var read = EventJson.read(EventJson.write(bare(Map.of(text, text))));
        assertThat(read.data()).isEqualTo(Map.of(text, text));
        assertThat(EventJson.write(bare(Map.of("a", text)))).doesNotContain("\n");
        assertThat(EventJson.read(EventJson.write(bare(Map.of("a", "lone \ud83d surrogate"))))
                        .data())
                .isEqualTo(Map.of("a", "lone ? surrogate"));
    }

    @Test
    void ignoresFieldsItDoesNotKnow() {
        var line =
                "{\"future\":{\"a\":[1]},\"seq\":1,\"epoch\":2,\"time\":\"2026-03-01T12:00:00.000000042Z\",\"mono\":3,"
                        + "\"type\":\"note\",\"more\":null}";
        assertThat(EventJson.read(line)).isEqualTo(bare(Map.of()));
    }

    @Test
    void refusesWhatIsNoEvent() {
        for (var line : List.of(
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"seq\":1}",
                "{\"seq\":\"x\"}",
                "hello",
                EventJson.write(bare(Map.of())) + "{}",
                EventJson.write(bare(Map.of())).replace("2026", "no"))) {
            assertThatThrownBy(() -> EventJson.read(line))
                    .as(line)
                    .isInstanceOf(HamException.class)
                    .hasMessageStartingWith("not a line of the journal");
        }
    }

    @Test
    void keepsTheTimeRightAcrossSecondsInOneEncoder() {
        var encoder = new EventEncoder();
        for (var time :
                List.of("2026-03-01T12:00:00.999999999Z", "2026-03-01T12:00:01.000000000Z", "1969-12-31T23:59:59.5Z")) {
            var instant = Instant.parse(time);
            var event = bare(Map.of());
            encoder.sink.reset(0);
            encoder.write(new Event(
                    1,
                    2,
                    instant,
                    3,
                    "note",
                    event.entity(),
                    event.condition(),
                    event.action(),
                    event.pid(),
                    event.reason(),
                    event.outcome(),
                    event.cause(),
                    event.actor(),
                    event.data()));
            assertThat(EventJson.read(encoder.sink.text()).time()).isEqualTo(instant);
        }
    }

    @Test
    void writesOneLineForPeople() {
        assertThat(EventText.line(Lines.line(3, 1), ZoneOffset.UTC))
                .isEqualTo(
                        "2026-09-21 14:13:23.000      3  death             web-3  pid 4714, killed by SIGSEGV, core dumped,"
                                + " invocation=i3, because of 2, by detector-process");
        assertThat(EventText.line(Lines.line(4, 1), ZoneOffset.UTC))
                .isEqualTo("2026-09-21 14:13:24.000      4  action-done       web-4/died/restart  pid 4715, ok,"
                        + " invocation=i4, because of 3, by detector-process");
        assertThat(EventText.line(bare(Map.of("text", "a b\u001b[2J\nc")), ZoneOffset.UTC))
                .isEqualTo("2026-03-01 12:00:00.000      1  note              text=\"a b?[2J?c\"");
    }
}
