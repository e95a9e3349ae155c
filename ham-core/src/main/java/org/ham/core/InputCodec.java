package org.ham.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.core.engine.Input;

/**
 * How an input stands in the journal, and is read back. What was seen of processes is told by its line's own fields; what was
 * asked for, and what an entity tells of itself, is kept whole under {@link #KEY} in the line's data. Stateless.
 */
final class InputCodec {
    private static final String KEY = "input";
    private static final String KIND = "kind";

    private InputCodec() {}

    /** The first line of a batch with its input in it. */
    static Event encode(Event line, Input input) {
        if (!(input instanceof Input.Command || input instanceof Input.Sign)) {
            return line;
        }
        var map = new LinkedHashMap<String, Object>();
        map.put(KIND, input.getClass().getSimpleName());
        map.putAll(Json.toMap(input));
        var data = new LinkedHashMap<>(line.data());
        data.put(KEY, map);
        return new Event(
                line.seq(),
                line.epoch(),
                line.time(),
                line.mono(),
                line.type(),
                line.entity(),
                line.condition(),
                line.action(),
                line.pid(),
                line.reason(),
                line.outcome(),
                line.cause(),
                line.actor(),
                data);
    }

    /** The input a batch begins with; empty for one that a newer HAM wrote and this one does not know. */
    static Optional<Input> decode(Event line) {
        if (line.data().get(KEY) instanceof Map<?, ?> map) {
            return whole(map);
        }
        var data = line.data();
        var pid = line.pid().orElse(0);
        return Optional.ofNullable(
                switch (line.type()) {
                    case "death" ->
                        new Input.Died(
                                entity(line), process(line), line.reason().orElse(ExitReason.UNKNOWN));
                    case "started" -> new Input.Started(entity(line), text(data, "invocation"), process(line));
                    case "start-failed" -> new Input.StartFailed(entity(line), text(data, "invocation"), why(line));
                    case "action-done", "action-failed" ->
                        new Input.Finished(
                                entity(line),
                                text(data, "invocation"),
                                Boolean.TRUE.equals(data.get("ok")),
                                text(data, "detail"));
                    case "ham-started", "took-over", "ham-resumed" ->
                        new Input.Led(text(data, "how"), pid, number(data, "predecessor"), text(data, "word"));
                    case "guardian-started" -> new Input.GuardianStarted(pid);
                    case "guardian-ready" -> new Input.GuardianReady(pid);
                    case "guardian-failed" -> new Input.GuardianFailed(pid, why(line));
                    case "upgrade-started" ->
                        new Input.Upgrading(text(data, "from"), text(data, "to"), pid, texts(data, "with"));
                    case "handed-over" -> new Input.HandedOver(pid);
                    case "upgraded", "upgrade-failed" ->
                        new Input.UpgradeEnded(line.type().equals("upgraded") ? "" : why(line));
                    case "alarm", "alarm-over" -> new Input.Alarm(text(data, "source"), text(data, "text"));
                    case "signal-sent" ->
                        new Input.Signalled(entity(line), pid, text(data, "signal"), text(data, "why"));
                    case "finding" -> new Input.Found(text(data, "source"), text(data, "text"));
                    default -> null;
                });
    }

    private static Optional<Input> whole(Map<?, ?> map) {
        return Stream.of(Input.Command.class, Input.Sign.class)
                .flatMap(InputCodec::kinds)
                .filter(type -> type.getSimpleName().equals(map.get(KIND)))
                .findFirst()
                .map(type -> (Input) Json.fromMap(map, type));
    }

    private static Stream<Class<?>> kinds(Class<?> group) {
        return group.isInterface()
                ? Stream.of(group.getPermittedSubclasses()).flatMap(InputCodec::kinds)
                : Stream.of(group);
    }

    private static String entity(Event line) {
        return line.entity().orElseThrow(() -> new IllegalArgumentException("line " + line.seq() + " names no entity"));
    }

    private static ProcessId process(Event line) {
        var data = line.data();
        return new ProcessId(
                line.pid().orElse(0), number(data, "startTime"), number(data, "inode"), text(data, "boot"));
    }

    private static String why(Event line) {
        var outcome = line.outcome().orElse("");
        return outcome.startsWith("failed: ") ? outcome.substring("failed: ".length()) : outcome;
    }

    private static String text(Map<String, Object> data, String key) {
        return data.get(key) instanceof String text ? text : "";
    }

    private static List<String> texts(Map<String, Object> data, String key) {
        return data.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static long number(Map<String, Object> data, String key) {
        return data.get(key) instanceof Number number ? number.longValue() : 0;
    }
}
