package org.ham.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Any records as JSON, whatever components they have; and whether one JSON has all that another has. Stateless. */
final class Shown {
    private Shown() {}

    static JsonElement of(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNull.INSTANCE;
            case Optional<?> optional -> of(optional.orElse(null));
            case OptionalLong optional -> optional.isPresent() ? of(optional.getAsLong()) : JsonNull.INSTANCE;
            case Boolean bool -> new JsonPrimitive(bool);
            case Number number -> new JsonPrimitive(number);
            case Map<?, ?> map -> {
                var object = new JsonObject();
                map.forEach((key, each) -> object.add(String.valueOf(key), of(each)));
                yield object;
            }
            case Collection<?> several -> {
                var array = new JsonArray();
                several.forEach(each -> array.add(of(each)));
                yield array;
            }
            case Record record -> components(record);
            default -> new JsonPrimitive(String.valueOf(value));
        };
    }

    private static JsonObject components(Record record) {
        var object = new JsonObject();
        for (var component : record.getClass().getRecordComponents()) {
            try {
                object.add(component.getName(), of(component.getAccessor().invoke(record)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return object;
    }

    /** The first difference: what is there in {@code wanted} must be there and equal, what came later may be there too. */
    static Optional<String> missing(JsonElement wanted, JsonElement found, String at) {
        if (wanted instanceof JsonObject object && found instanceof JsonObject other) {
            return object.entrySet().stream()
                    .flatMap(each -> (other.has(each.getKey())
                                    ? missing(each.getValue(), other.get(each.getKey()), at + "/" + each.getKey())
                                    : Optional.of(at + "/" + each.getKey() + " is not there"))
                            .stream())
                    .findFirst();
        }
        if (wanted instanceof JsonArray array && found instanceof JsonArray other) {
            if (array.size() != other.size()) {
                return Optional.of(at + ": " + other.size() + " instead of " + array.size());
            }
            for (var i = 0; i < array.size(); i++) {
                var inside = missing(array.get(i), other.get(i), at + "/" + i);
                if (inside.isPresent()) {
                    return inside;
                }
            }
            return Optional.empty();
        }
        return wanted.equals(found) ? Optional.empty() : Optional.of(at + ": " + found + " instead of " + wanted);
    }
}
