package org.ham.core;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Collection;
import java.util.Objects;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Lane;
import org.ham.core.engine.Run;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what a newer HAM wrote and this one has no word for, such as a flag or a condition of another type, and keeps the rest: an
 * upgrade that is taken back must not cost what everybody knows. Stateless.
 */
final class Newer implements TypeAdapterFactory {
    @Override
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
        var raw = type.getRawType();
        return Collection.class.isAssignableFrom(raw) || raw == Condition.class || raw == Run.class || raw == Lane.class
                ? new Reader<>(gson.getDelegateAdapter(this, type))
                : null;
    }

    private static final class Reader<T> extends TypeAdapter<T> {
        private final TypeAdapter<T> inner;

        Reader(TypeAdapter<T> inner) {
            this.inner = inner;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            inner.write(out, value);
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            var value = inner.read(in);
            if (value instanceof Collection<?> several) {
                several.removeIf(Objects::isNull);
            }
            return value == null || isKnown(value) ? value : null;
        }
    }

    /** A word that is not known was read as null. */
    @SuppressWarnings("ConstantValue")
    private static boolean isKnown(Object value) {
        return switch (value) {
            case Condition condition -> condition.type() != null;
            case Run run -> run.trigger() != null && run.trigger().type() != null;
            case Lane lane -> !lane.runs().isEmpty();
            default -> true;
        };
    }
}
