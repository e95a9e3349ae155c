package org.ham.core;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the core's records are written as JSON. Thread-safe. */
final class Json {
    static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .registerTypeAdapter(Duration.class, new DurationAdapter().nullSafe())
            .registerTypeAdapterFactory(new OptionalFactory())
            .registerTypeAdapterFactory(new RecordFactory())
            .registerTypeAdapterFactory(new Newer())
            .create();

    private static final TypeToken<Map<String, Object>> MAP = new TypeToken<>() {};

    private Json() {}

    /** A record as the plain map that a journal line's data holds. */
    static Map<String, Object> toMap(Object value) {
        return GSON.fromJson(GSON.toJsonTree(value), MAP);
    }

    static <T> T fromMap(@Nullable Object map, Class<T> type) {
        return GSON.fromJson(GSON.toJsonTree(map), type);
    }

    /** A duration as its nanoseconds. */
    private static final class DurationAdapter extends TypeAdapter<Duration> {
        @Override
        public void write(JsonWriter out, Duration value) throws IOException {
            out.value(value.toNanos());
        }

        @Override
        public Duration read(JsonReader in) throws IOException {
            return Duration.ofNanos(in.nextLong());
        }
    }

    /** Writes an {@link Optional} as its value or null. */
    private static final class OptionalFactory implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked")
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            if (type.getRawType() != Optional.class || !(type.getType() instanceof ParameterizedType of)) {
                return null;
            }
            var inner = (TypeAdapter<Object>) gson.getAdapter(TypeToken.get(of.getActualTypeArguments()[0]));
            return (TypeAdapter<T>) new OptionalAdapter(inner);
        }
    }

    /** Reads a record whose empty {@link Optional}s were left out: the journal writes no nulls. */
    private static final class RecordFactory implements TypeAdapterFactory {
        @Override
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            var components = type.getRawType().getRecordComponents();
            if (components == null) {
                return null;
            }
            var optional = Stream.of(components)
                    .filter(component -> component.getType() == Optional.class)
                    .map(RecordComponent::getName)
                    .toList();
            return optional.isEmpty() ? null : new RecordAdapter<>(gson.getDelegateAdapter(this, type), optional);
        }
    }

    private static final class RecordAdapter<T> extends TypeAdapter<T> {
        private final TypeAdapter<T> inner;
        private final List<String> optional;

        RecordAdapter(TypeAdapter<T> inner, List<String> optional) {
            this.inner = inner;
            this.optional = optional;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            inner.write(out, value);
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            if (JsonParser.parseReader(in) instanceof JsonObject object) {
                optional.stream()
                        .filter(name -> !object.has(name))
                        .forEach(name -> object.add(name, JsonNull.INSTANCE));
                return inner.fromJsonTree(object);
            }
            return null;
        }
    }

    private static final class OptionalAdapter extends TypeAdapter<Optional<Object>> {
        private final TypeAdapter<Object> inner;

        OptionalAdapter(TypeAdapter<Object> inner) {
            this.inner = inner;
        }

        @Override
        public void write(JsonWriter out, @Nullable Optional<Object> value) throws IOException {
            if (value == null || value.isEmpty()) {
                out.nullValue();
            } else {
                inner.write(out, value.get());
            }
        }

        @Override
        public Optional<Object> read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Optional.empty();
            }
            return Optional.ofNullable(inner.read(in));
        }
    }
}
