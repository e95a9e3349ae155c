package org.ham.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client asks for: a command of HAM, or a line for Gogo. Immutable.
 *
 * @param words the command and its arguments; empty when it is for Gogo
 * @param directory where the client is
 * @param gogo the line for Gogo
 */
record Request(List<String> words, String directory, Optional<String> gogo) {
    Request {
        words = List.copyOf(words);
    }

    /** Reads a line; throws {@link BadRequestException} that says what was expected. */
    static Request read(String line) {
        var object = object(line);
        if (object.has("gogo")) {
            return new Request(List.of(), "/", Optional.of(text(object.get("gogo"), "gogo")));
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
