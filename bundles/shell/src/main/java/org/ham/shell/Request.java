package org.ham.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client asks for: a command of HAM, or a line for Gogo. Immutable.
 *
 * @param words the command and its arguments; empty when it is for Gogo
 * @param directory where the client is
 * @param gogo the line for Gogo
 */
record Request(List<String> words, String directory, Optional<Line> gogo) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /**
     * A line for Gogo. Immutable.
     *
     * @param text the line
     * @param id by which the client asks again when it was cut off; empty for one that does not
     * @param again whether it does
     */
    record Line(String text, Optional<String> id, boolean again) {}

    Request {
        words = List.copyOf(words);
    }

    /** Reads a line; throws {@link BadRequestException} that says what was expected. */
    static Request read(String line) {
        var object = object(line);
        if (object.has("gogo")) {
            return new Request(List.of(), "/", Optional.of(line(object)));
        }
        if (!(object.get("argv") instanceof JsonArray array)) {
            throw new BadRequestException("a request has either argv, a list of words, or gogo, a line");
        }
        var words = new ArrayList<String>();
        array.forEach(word -> words.add(text(word, "argv")));
        var directory = object.has("directory") ? text(object.get("directory"), "directory") : "/";
        if (!directory.startsWith("/") || directory.indexOf('\0') >= 0) {
            throw new BadRequestException("directory is an absolute path, not '" + directory + "'");
        }
        return new Request(words, directory, Optional.empty());
    }

    private static Line line(JsonObject object) {
        var text = text(object.get("gogo"), "gogo");
        if (!object.has("id")) {
            return new Line(text, Optional.empty(), false);
        }
        var id = text(object.get("id"), "id");
        if (!ID.matcher(id).matches()) {
            throw new BadRequestException("an id has from 1 to 64 letters, digits and hyphens");
        }
        var again = object.get("again");
        return new Line(text, Optional.of(id), again instanceof JsonPrimitive flag && flag.getAsBoolean());
    }

    private static JsonObject object(String line) {
        try {
            if (JsonParser.parseString(line) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException | StackOverflowError _) {
            // said below
        }
        throw new BadRequestException("a request is one line with a JSON object, such as {\"argv\":[\"tree\"]}");
    }

    private static String text(JsonElement element, String field) {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            return element.getAsString();
        }
        throw new BadRequestException(field + " holds text only");
    }
}
