package org.ham.journal;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/** An event as one line of JSON, the one of {@code ham events --json}. Thread-safe. */
public final class EventJson {
    private EventJson() {}

    /** The line, without a line end. A number that is not finite becomes a string: JSON has none. */
    public static String write(Event event) {
        var encoder = new EventEncoder();
        encoder.sink.reset(0);
        encoder.write(event);
        return encoder.sink.text();
    }

    /**
     * The event of a line; fields that are not known are ignored. In {@code data} a number without fraction and exponent
     * comes back as a {@link Long}, any other as a {@link Double}; lists and maps are unmodifiable and keep their order.
     *
     * @throws HamException {@code INVALID} when it is no event
     */
    public static Event read(String line) {
        try (var json = new JsonReader(new StringReader(line))) {
            var event = new Fields().read(json);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the event");
            }
            return event;
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | DateTimeException e) {
            throw new HamException(
                    Code.INVALID, "not a line of the journal (" + e.getMessage() + "): " + shorten(line), e);
        }
    }

    private static String shorten(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }

    /** What was read of an event so far. */
    private static final class Fields {
        private @Nullable Long seq;
        private long epoch;
        private @Nullable Instant time;
        private long mono;
        private @Nullable String type;
        private Optional<String> entity = Optional.empty();
        private Optional<String> condition = Optional.empty();
        private Optional<String> action = Optional.empty();
        private OptionalLong pid = OptionalLong.empty();
        private Optional<ExitReason> reason = Optional.empty();
        private Optional<String> outcome = Optional.empty();
        private OptionalLong cause = OptionalLong.empty();
        private Optional<Actor> actor = Optional.empty();
        private Map<String, Object> data = Map.of();

        Event read(JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                field(json);
            }
            json.endObject();
            if (seq == null || time == null || type == null) {
                throw new MalformedJsonException("seq, time or type is missing");
            }
            return new Event(
                    seq, epoch, time, mono, type, entity, condition, action, pid, reason, outcome, cause, actor, data);
        }

        private void field(JsonReader json) throws IOException {
            switch (json.nextName()) {
                case "seq" -> seq = json.nextLong();
                case "epoch" -> epoch = json.nextLong();
                case "time" -> time = Instant.parse(json.nextString());
                case "mono" -> mono = json.nextLong();
                case "type" -> type = json.nextString();
                case "entity" -> entity = Optional.of(json.nextString());
                case "condition" -> condition = Optional.of(json.nextString());
                case "action" -> action = Optional.of(json.nextString());
                case "pid" -> pid = OptionalLong.of(json.nextLong());
                case "reason" -> reason = Optional.of(reason(json));
                case "outcome" -> outcome = Optional.of(json.nextString());
                case "cause" -> cause = OptionalLong.of(json.nextLong());
                case "actor" -> actor = Optional.of(actor(json));
                case "data" -> data = map(json);
                default -> json.skipValue();
            }
        }

        private static ExitReason reason(JsonReader json) throws IOException {
            var kind = "";
            var code = 0;
            var signal = "";
            var core = false;
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "kind" -> kind = json.nextString();
                    case "code" -> code = json.nextInt();
                    case "signal" -> signal = json.nextString();
                    case "core" -> core = json.nextBoolean();
                    default -> json.skipValue();
                }
            }
            json.endObject();
            return switch (kind) {
                case "exited" -> ExitReason.exited(code);
                case "signalled" -> ExitReason.signalled(signal, core);
                // A kind of a later version is one that this version cannot tell.
                default -> ExitReason.UNKNOWN;
            };
        }

        private static Actor actor(JsonReader json) throws IOException {
            var name = "";
            var uid = -1L;
            var pid = 0L;
            var request = "";
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "name" -> name = json.nextString();
                    case "uid" -> uid = json.nextLong();
                    case "pid" -> pid = json.nextLong();
                    case "request" -> request = json.nextString();
                    default -> json.skipValue();
                }
            }
            json.endObject();
            return new Actor(name, uid, pid, request);
        }

        private static Map<String, Object> map(JsonReader json) throws IOException {
            var map = new LinkedHashMap<String, Object>();
            json.beginObject();
            while (json.hasNext()) {
                put(map, json.nextName(), value(json));
            }
            json.endObject();
            return Collections.unmodifiableMap(map);
        }

        @SuppressWarnings("NullAway") // JSON has nulls; Event.data speaks of values as JSON has them
        private static void put(Map<String, Object> map, String name, @Nullable Object value) {
            map.put(name, value);
        }

        private static List<@Nullable Object> list(JsonReader json) throws IOException {
            var list = new ArrayList<@Nullable Object>();
            json.beginArray();
            while (json.hasNext()) {
                list.add(value(json));
            }
            json.endArray();
            return Collections.unmodifiableList(list);
        }

        private static @Nullable Object value(JsonReader json) throws IOException {
            return switch (json.peek()) {
                case STRING -> json.nextString();
                case BOOLEAN -> json.nextBoolean();
                case NUMBER -> number(json.nextString());
                case BEGIN_OBJECT -> map(json);
                case BEGIN_ARRAY -> list(json);
                case NULL -> {
                    json.nextNull();
                    yield null;
                }
                case END_ARRAY, END_OBJECT, NAME, END_DOCUMENT ->
                    throw new MalformedJsonException("a value is missing");
            };
        }

        private static Object number(String text) {
            if (text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
                try {
                    return Long.valueOf(text);
                } catch (NumberFormatException e) {
                    return Double.valueOf(text);
                }
            }
            return Double.valueOf(text);
        }
    }
}
