package org.ham.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
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
import java.util.stream.Stream;
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

    private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected Constructor<?> computeValue(Class<?> type) {
            try {
                return type.getConstructor(Stream.of(Records.components(type))
                        .map(component -> component.getType())
                        .toArray(Class<?>[]::new));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " is no public record", e);
            }
        }
    };

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
        if (!(json instanceof Map<?, ?> map)) {
            throw expected(field, "an object");
        }
        if (type == ExitReason.class) {
            return reason(map);
        }
        var components = Records.components(type);
        var values = new @Nullable Object[components.length];
        for (var i = 0; i < components.length; i++) {
            var name = components[i].getName();
            var at = field.isEmpty() ? name : field + "." + name;
            values[i] = map.get(name) == null
                    ? missing(type, components[i].getGenericType(), at)
                    : value(map.get(name), components[i].getGenericType(), at);
        }
        if (strict) {
            refuseUnknown(map, type, field);
        }
        return make(type, values, field);
    }

    private static void refuseUnknown(Map<?, ?> map, Class<?> type, String field) {
        var known = Stream.of(Records.components(type))
                .map(component -> component.getName())
                .toList();
        for (var name : map.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                throw new HamException(
                        Code.INVALID,
                        (field.isEmpty() ? "params" : field) + ": unknown name '" + shorten(String.valueOf(name))
                                + "'; known are: " + String.join(", ", known));
            }
        }
    }

    private static Object make(Class<?> type, @Nullable Object[] values, String field) {
        try {
            return CONSTRUCTORS.get(type).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof HamException refused) {
                throw refused;
            }
            throw new HamException(Code.INVALID, field + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
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
            return text(json, field);
        } else if (raw == long.class || raw == Long.class) {
            return number(json, Long.MIN_VALUE, Long.MAX_VALUE, field);
        } else if (raw == int.class || raw == Integer.class) {
            return (int) number(json, Integer.MIN_VALUE, Integer.MAX_VALUE, field);
        } else if (raw == boolean.class || raw == Boolean.class) {
            return flag(json, field);
        } else if (raw == Optional.class) {
            return Optional.ofNullable(value(json, argument(type, 0), field));
        } else if (raw == OptionalLong.class) {
            return OptionalLong.of(number(json, Long.MIN_VALUE, Long.MAX_VALUE, field));
        } else if (raw == Duration.class) {
            return Duration.ofNanos(number(json, 0, Long.MAX_VALUE, field));
        } else if (raw == Instant.class) {
            return instant(text(json, field), field);
        } else if (raw == HamPath.class) {
            return HamPath.parse(text(json, field));
        } else if (raw == Handle.class) {
            return handle(json, field);
        } else if (raw.isEnum()) {
            return Words.parse(raw, field, text(json, field));
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
        if (!(json instanceof List<?> list)) {
            throw expected(field, "a list");
        }
        var items = new ArrayList<Object>();
        for (var item : list) {
            var value = value(item, type, field + "[" + items.size() + "]");
            if (value == null) {
                throw expected(field, "a list without null");
            }
            items.add(value);
        }
        return items;
    }

    private Map<String, Object> map(@Nullable Object json, Type type, String field) {
        if (!(json instanceof Map<?, ?> given)) {
            throw expected(field, "an object");
        }
        var map = new LinkedHashMap<String, Object>();
        given.forEach((name, item) -> {
            var value = value(item, type, field + "." + name);
            if (value != null) {
                map.put(String.valueOf(name), value);
            }
        });
        return map;
    }

    private Object handle(@Nullable Object json, String field) {
        if (!(json instanceof Map<?, ?> map)) {
            throw expected(field, "an object");
        }
        return map.containsKey("condition")
                ? record(json, ActionHandle.class, field)
                : record(json, map.containsKey("entity") ? ConditionHandle.class : EntityHandle.class, field);
    }

    private static ExitReason reason(Map<?, ?> map) {
        return switch (String.valueOf(map.get("kind"))) {
            case "exited" -> ExitReason.exited(map.get("code") instanceof Long code ? code.intValue() : 0);
            case "signalled" ->
                ExitReason.signalled(String.valueOf(map.get("signal")), Boolean.TRUE.equals(map.get("core")));
            // A kind of a later version is one that this version cannot tell.
            default -> ExitReason.UNKNOWN;
        };
    }

    private static String text(@Nullable Object json, String field) {
        if (json instanceof String text) {
            return text;
        }
        throw expected(field, "a string");
    }

    private static boolean flag(@Nullable Object json, String field) {
        if (json instanceof Boolean flag) {
            return flag;
        }
        throw expected(field, "true or false");
    }

    private static long number(@Nullable Object json, long least, long most, String field) {
        if (json instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw expected(field, "a whole number from " + least + " to " + most);
    }

    private static Instant instant(String text, String field) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw expected(field, "a time in ISO 8601");
        }
    }

    private static HamException expected(String field, String what) {
        return new HamException(Code.INVALID, (field.isEmpty() ? "params" : field) + ": expected " + what);
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
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
