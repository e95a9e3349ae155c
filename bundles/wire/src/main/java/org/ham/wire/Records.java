package org.ham.wire;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.ExitReason;
import org.ham.api.HamPath;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON: a record is an object of its components, an empty {@link Optional} is left out, an enum is its word, a
 * {@link Duration} is a number of nanoseconds, an {@link Instant} is ISO 8601, a path is as it is printed. Stateless.
 */
final class Records {
    private Records() {}

    static void write(JsonWriter json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.nullValue();
            case String text -> json.value(text);
            case Double number when number.isNaN() || number.isInfinite() -> json.value(number.toString());
            case Float number when number.isNaN() || number.isInfinite() -> json.value(number.toString());
            case Number number -> json.value(number);
            case Boolean flag -> json.value(flag);
            case Enum<?> word -> json.value(Words.word(word));
            case Duration duration -> json.value(duration.toNanos());
            case HamPath path -> json.value(path.toString());
            case ExitReason reason -> reason(json, reason);
            case Actor actor -> actor(json, actor);
            case Params more -> {
                json.beginObject();
                members(json, more.params());
                json.name(more.name()).value(more.value());
                json.endObject();
            }
            case Record all -> {
                json.beginObject();
                members(json, all);
                json.endObject();
            }
            case Optional<?> maybe -> write(json, maybe.orElse(null));
            case Collection<?> items -> {
                json.beginArray();
                for (var item : items) {
                    write(json, item);
                }
                json.endArray();
            }
            case Map<?, ?> map -> {
                json.beginObject();
                for (var entry : map.entrySet()) {
                    json.name(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.endObject();
            }
            default -> json.value(value.toString());
        }
    }

    private static void members(JsonWriter json, Record all) throws IOException {
        for (var component : Shape.of(all.getClass()).components()) {
            var value = get(component, all);
            switch (value) {
                case Optional<?> maybe when maybe.isEmpty() -> {}
                case OptionalLong maybe when maybe.isEmpty() -> {}
                case OptionalLong maybe -> json.name(component.getName()).value(maybe.getAsLong());
                default -> {
                    json.name(component.getName());
                    write(json, value);
                }
            }
        }
    }

    private static Object get(RecordComponent component, Record all) {
        try {
            return component.getAccessor().invoke(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** As in the journal. */
    private static void actor(JsonWriter json, Actor actor) throws IOException {
        json.beginObject();
        json.name("name").value(actor.name());
        json.name("uid").value(actor.uid());
        json.name("pid").value(actor.pid());
        if (!actor.request().isEmpty()) {
            json.name("request").value(actor.request());
        }
        json.endObject();
    }

    /** As in the journal. */
    private static void reason(JsonWriter json, ExitReason reason) throws IOException {
        json.beginObject();
        json.name("kind").value(Words.word(reason.kind()));
        switch (reason.kind()) {
            case EXITED -> json.name("code").value(reason.code());
            case SIGNALLED -> {
                json.name("signal").value(reason.signal());
                json.name("core").value(reason.core());
            }
            case UNKNOWN -> {}
        }
        json.endObject();
    }
}
