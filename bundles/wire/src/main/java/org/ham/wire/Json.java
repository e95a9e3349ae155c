package org.ham.wire;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into plain values: strings, {@link Long} or {@link Double}, booleans, null, unmodifiable lists and maps in order.
 * What a stranger sends may be nested and numerous up to limits only, because it grows many times in memory. Confined to one
 * thread.
 */
final class Json {
    private final int mostDepth;
    private int valuesLeft;

    private Json(int mostDepth, int mostValues) {
        this.mostDepth = mostDepth;
        this.valuesLeft = mostValues;
    }

    /** Reads one document; throws {@link BadMessageException} with what is wrong. */
    static @Nullable Object read(String text, int mostDepth, int mostValues) throws BadMessageException {
        try (var reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(mostDepth + 1);
            var value = new Json(mostDepth, mostValues).value(reader, 0);
            if (reader.peek() != com.google.gson.stream.JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the message");
            }
            return value;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new BadMessageException(Fault.PARSE, "this line is no JSON: " + cause(e));
        }
    }

    /** Gson adds advice for programmers after the first sentence. */
    private static String cause(Exception e) {
        var text = String.valueOf(e.getMessage());
        return text.lines().findFirst().orElse(text);
    }

    private @Nullable Object value(JsonReader json, int depth) throws IOException, BadMessageException {
        if (--valuesLeft < 0) {
            throw new BadMessageException(Fault.NO_MESSAGE, "this message has too many values");
        }
        if (depth > mostDepth) {
            throw new BadMessageException(Fault.NO_MESSAGE, "this message is nested deeper than " + mostDepth);
        }
        return switch (json.peek()) {
            case STRING -> json.nextString();
            case BOOLEAN -> json.nextBoolean();
            case NUMBER -> number(json.nextString());
            case BEGIN_OBJECT -> map(json, depth);
            case BEGIN_ARRAY -> list(json, depth);
            case NULL -> {
                json.nextNull();
                yield null;
            }
            case END_ARRAY, END_OBJECT, NAME, END_DOCUMENT -> throw new MalformedJsonException("a value is missing");
        };
    }

    private Map<String, @Nullable Object> map(JsonReader json, int depth) throws IOException, BadMessageException {
        var map = new LinkedHashMap<String, @Nullable Object>();
        json.beginObject();
        while (json.hasNext()) {
            var name = json.nextName();
            if (map.containsKey(name)) {
                throw new MalformedJsonException("the name '" + name + "' comes twice");
            }
            map.put(name, value(json, depth + 1));
        }
        json.endObject();
        return Collections.unmodifiableMap(map);
    }

    private List<@Nullable Object> list(JsonReader json, int depth) throws IOException, BadMessageException {
        var list = new ArrayList<@Nullable Object>();
        json.beginArray();
        while (json.hasNext()) {
            list.add(value(json, depth + 1));
        }
        json.endArray();
        return Collections.unmodifiableList(list);
    }

    private static Object number(String text) throws MalformedJsonException {
        if (text.length() < 20 && isWhole(text)) {
            return Long.valueOf(text);
        }
        var number = Double.valueOf(text);
        if (number.isInfinite() || number.isNaN()) {
            throw new MalformedJsonException("a number is out of range");
        }
        return number;
    }

    private static boolean isWhole(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != '-' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
