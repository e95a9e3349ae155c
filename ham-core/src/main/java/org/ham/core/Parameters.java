package org.ham.core;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parameters of an action as they are written into the record its plug-in declares. Every message names the
 * parameter. Stateless.
 */
final class Parameters {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h)");

    private Parameters() {}

    /**
     * Binds parameters.
     *
     * @param where names the action in messages
     * @throws HamException {@link Code#INVALID}
     */
    static <P extends Record> P bind(String where, Class<P> type, Map<String, Object> given) {
        var components = type.getRecordComponents();
        refuseUnknown(where, components, given);
        var values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(where, components[i], given.get(written(components[i])));
        }
        return create(where, type, components, values);
    }

    private static void refuseUnknown(String where, RecordComponent[] components, Map<String, Object> given) {
        var known = Stream.of(components).map(Parameters::written).toList();
        given.keySet().stream().filter(key -> !known.contains(key)).findFirst().ifPresent(key -> {
            throw invalid(
                    where,
                    "unknown parameter '" + key + "'; "
                            + (known.isEmpty() ? "it takes none" : "it takes " + String.join(", ", known)));
        });
    }

    private static <P extends Record> P create(
            String where, Class<P> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof HamException refused) {
                throw refused;
            }
            throw new HamException(Code.INVALID, where + ": " + message(e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new HamException(
                    Code.FAILED, where + ": the plug-in's parameter record " + type.getName() + " must be public", e);
        }
    }

    private static String message(@Nullable Throwable why) {
        return why == null || why.getMessage() == null ? String.valueOf(why) : why.getMessage();
    }

    private static String written(RecordComponent component) {
        return component
                .getName()
                .chars()
                .mapToObj(c -> Character.isUpperCase(c) ? "-" + (char) Character.toLowerCase(c) : "" + (char) c)
                .collect(Collectors.joining());
    }

    private static @Nullable Object value(String where, RecordComponent component, @Nullable Object given) {
        var name = written(component);
        if (component.getType() == Optional.class) {
            if (given == null) {
                return Optional.empty();
            }
            var inner = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            return Optional.of(convert(where, name, inner, given));
        }
        if (given != null) {
            return convert(where, name, component.getGenericType(), given);
        }
        if (component.getType() == boolean.class) {
            return false;
        }
        if (component.getType() == Map.class) {
            return Map.of();
        }
        throw invalid(where, name + ": is missing, expected " + expected(component.getGenericType()));
    }

    private static Object convert(String where, String name, Type type, Object given) {
        var raw = type instanceof ParameterizedType p ? p.getRawType() : type;
        var value = raw instanceof Class<?> c ? tryConvert(c, given) : null;
        if (value == null) {
            throw invalid(where, name + ": expected " + expected(type) + ", got '" + given + "'");
        }
        return value;
    }

    private static @Nullable Object tryConvert(Class<?> type, Object given) {
        if (type == String.class) {
            return given instanceof String || given instanceof Number || given instanceof Boolean
                    ? given.toString()
                    : null;
        }
        if (type == List.class) {
            return list(given);
        }
        if (type == Map.class) {
            return map(given);
        }
        var text = given.toString().strip();
        if (type == boolean.class || type == Boolean.class) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .filter(e -> ((Enum<?>) e)
                            .name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')
                            .equals(text))
                    .findFirst()
                    .orElse(null);
        }
        return number(type, text);
    }

    private static @Nullable Object number(Class<?> type, String text) {
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(text);
            }
            return type == long.class || type == Long.class ? Long.valueOf(text) : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /** Reads a duration such as {@code 500ms}, {@code 5s}, {@code 2m} or {@code 1h}. */
    static @Nullable Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        var amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static @Nullable List<String> list(Object given) {
        if (given instanceof List<?> list) {
            return list.stream().anyMatch(e -> !isScalar(e))
                    ? null
                    : list.stream().map(Object::toString).toList();
        }
        return given instanceof String text ? words(text) : null;
    }

    private static boolean isScalar(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static @Nullable Map<String, String> map(Object given) {
        if (!(given instanceof Map<?, ?> map) || map.values().stream().anyMatch(v -> !isScalar(v))) {
            return null;
        }
        var copy = new LinkedHashMap<String, String>();
        map.forEach((key, value) -> copy.put(key.toString(), value.toString()));
        return copy;
    }

    /** Splits a command line into words: blanks part them, quotes of both kinds and backslashes hold them together. */
    static @Nullable List<String> words(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return quote == 0 && !words.isEmpty() ? words : null;
    }

    private static String expected(Type type) {
        if (type instanceof ParameterizedType p) {
            return p.getRawType() == Optional.class
                    ? expected(p.getActualTypeArguments()[0])
                    : p.getRawType() == List.class ? "a list of words" : "names with values";
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            return "one of "
                    + Stream.of(c.getEnumConstants())
                            .map(e -> e.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        if (type == Duration.class) {
            return "a duration such as 500ms, 5s or 2m";
        }
        if (type == String.class) {
            return "a text";
        }
        return type == boolean.class || type == Boolean.class ? "true or false" : "a whole number";
    }

    private static HamException invalid(String where, String what) {
        return new HamException(Code.INVALID, where + ": " + what);
    }
}
