package org.ham.wire;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.ActionHandle;
import org.ham.api.ConditionHandle;
import org.ham.api.EntityHandle;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain values of JSON into records, the opposite of {@link Records}. A strict one refuses names it does not know, with the
 * names there are; one that is not strict leaves them out and takes 0 for numbers that an older other end does not send.
 * Thread-safe.
 */
public final class Reading {
    /** For what programs ask of the HAM. */
    public static final Reading STRICT = new Reading(true);

    /** For what the HAM says, which may be a newer one. */
    public static final Reading LENIENT = new Reading(false);

    private final boolean strict;

    private Reading(boolean strict) {
        this.strict = strict;
    }

    /**
     * Reads a record.
     *
     * @param field what it is called in messages
     * @throws HamException {@code INVALID} with the name of the field and what was expected, or what the record itself throws
     */
    public <T extends Record> T read(@Nullable Object json, Class<T> type, String field) {
        return type.cast(record(json, type, field));
    }

    private Object record(@Nullable Object json, Class<?> type, String field) {
        var map = Plain.object(json, field);
        if (type == ExitReason.class) {
            return Plain.reason(map);
        }
        var shape = Shape.of(type);
        var values = new @Nullable Object[shape.components().size()];
        var i = 0;
        for (var component : shape.components()) {
            var name = component.getName();
            var at = field.isEmpty() ? name : field + "." + name;
            var given = map.get(name);
            values[i++] = given == null
                    ? missing(type, component.getGenericType(), at)
                    : value(given, component.getGenericType(), at);
        }
        if (strict) {
            shape.refuseUnknown(map, field);
        }
        return shape.make(values, field);
    }

    private Object missing(Class<?> owner, Type type, String field) {
        var raw = raw(type);
        if (raw == Optional.class) {
            return Optional.empty();
        } else if (raw == OptionalLong.class) {
            return OptionalLong.empty();
        } else if (raw == Set.class) {
            return Set.of();
        } else if (raw == List.class) {
            return List.of();
        } else if (raw == Map.class) {
            return Map.of();
        } else if (raw == boolean.class) {
            return false;
        } else if (raw == long.class && (!strict || Handle.class.isAssignableFrom(owner))) {
            return 0L;
        } else if (raw == int.class && !strict) {
            return 0;
        } else if (raw == String.class && !strict) {
            return "";
        }
        throw new HamException(Code.INVALID, field + " is missing");
    }

    private @Nullable Object value(@Nullable Object json, Type type, String field) {
        var raw = raw(type);
        if (raw == Object.class) {
            return json;
        } else if (raw == String.class) {
            return Plain.text(json, field);
        } else if (raw == long.class || raw == Long.class) {
            return Plain.number(json, Long.MIN_VALUE, Long.MAX_VALUE, field);
        } else if (raw == int.class || raw == Integer.class) {
            return (int) Plain.number(json, Integer.MIN_VALUE, Integer.MAX_VALUE, field);
        } else if (raw == boolean.class || raw == Boolean.class) {
            return Plain.flag(json, field);
        } else if (raw == Optional.class) {
            return Optional.ofNullable(value(json, argument(type, 0), field));
        } else if (raw == OptionalLong.class) {
            return OptionalLong.of(Plain.number(json, Long.MIN_VALUE, Long.MAX_VALUE, field));
        } else if (raw == Duration.class) {
            return Duration.ofNanos(Plain.number(json, 0, Long.MAX_VALUE, field));
        } else if (raw == Instant.class) {
            return Plain.instant(json, field);
        } else if (raw == HamPath.class) {
            return HamPath.parse(Plain.text(json, field));
        } else if (raw == Handle.class) {
            return handle(json, field);
        } else if (raw.isEnum()) {
            return Words.parse(raw, field, Plain.text(json, field));
        } else if (raw == Set.class) {
            return new LinkedHashSet<>(items(json, argument(type, 0), field));
        } else if (raw == List.class) {
            return items(json, argument(type, 0), field);
        } else if (raw == Map.class) {
            return map(json, argument(type, 1), field);
        } else if (raw.isRecord()) {
            return record(json, raw, field);
        }
        throw new IllegalStateException("nothing reads a " + type);
    }

    private List<Object> items(@Nullable Object json, Type type, String field) {
        var items = new ArrayList<Object>();
        for (var item : Plain.list(json, field)) {
            var value = value(item, type, field + "[" + items.size() + "]");
            if (value == null) {
                throw Plain.expected(field, "a list without null");
            }
            items.add(value);
        }
        return items;
    }

    private Map<String, Object> map(@Nullable Object json, Type type, String field) {
        var map = new LinkedHashMap<String, Object>();
        Plain.object(json, field).forEach((name, item) -> {
            var value = value(item, type, field + "." + name);
            if (value != null) {
                map.put(String.valueOf(name), value);
            }
        });
        return map;
    }

    private Object handle(@Nullable Object json, String field) {
        var map = Plain.object(json, field);
        return map.containsKey("condition")
                ? record(json, ActionHandle.class, field)
                : record(json, map.containsKey("entity") ? ConditionHandle.class : EntityHandle.class, field);
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> itself -> itself;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            default -> Object.class;
        };
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }
}
