package org.ham.wire;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of JSON-RPC 2.0, in either direction. Immutable. An id is a string or a {@link Long}; what came as another number
 * is refused.
 */
public sealed interface Message {
    /** How deeply a message may be nested. */
    int DEPTH = 32;

    /** How many values a message to the HAM may hold. */
    int VALUES = 20_000;

    /** Asks for something; the reply carries the same id. */
    record Request(Object id, String method, Map<String, @Nullable Object> params) implements Message {}

    /** Tells something; nobody replies. */
    record Notice(String method, Map<String, @Nullable Object> params) implements Message {}

    /** What came of a request. */
    record Reply(Object id, @Nullable Object result) implements Message {}

    /** Why a request was not carried out; without an id when it could not be read. */
    record Failure(@Nullable Object id, Fault fault) implements Message {}

    /**
     * Reads a line.
     *
     * @param mostValues how many values it may hold
     * @throws BadMessageException when it is no message
     */
    static Message read(byte[] line, int mostValues) throws BadMessageException {
        var json = Json.read(text(line), DEPTH, mostValues);
        if (json instanceof List<?>) {
            throw new BadMessageException(Fault.NO_MESSAGE, "batches are not understood; send one message a line");
        }
        if (!(json instanceof Map<?, ?> map)) {
            throw new BadMessageException(Fault.NO_MESSAGE, "a message is an object");
        }
        if (!"2.0".equals(map.get("jsonrpc"))) {
            throw new BadMessageException(Fault.NO_MESSAGE, "a message has \"jsonrpc\":\"2.0\"");
        }
        return of(map);
    }

    private static Message of(Map<?, ?> map) throws BadMessageException {
        var id = map.get("id");
        if (id != null && !(id instanceof Long) && !(id instanceof String text && text.length() <= 128)) {
            throw new BadMessageException(
                    Fault.NO_MESSAGE, "an id is a whole number or a string of at most 128 characters");
        }
        if (map.get("method") instanceof String method) {
            var params = params(map.get("params"));
            return id == null ? new Notice(method, params) : new Request(id, method, params);
        }
        if (map.containsKey("error")) {
            return new Failure(id, Fault.of(map.get("error")));
        }
        if (id == null || !map.containsKey("result")) {
            throw new BadMessageException(Fault.NO_MESSAGE, "a message has a method, a result or an error");
        }
        return new Reply(id, map.get("result"));
    }

    @SuppressWarnings("unchecked") // Json makes maps with names only
    private static Map<String, @Nullable Object> params(@Nullable Object params) throws BadMessageException {
        return switch (params) {
            case null -> Map.of();
            case Map<?, ?> map -> (Map<String, @Nullable Object>) map;
            default -> throw new BadMessageException(Fault.NO_MESSAGE, "params are an object, by name");
        };
    }

    private static String text(byte[] line) throws BadMessageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadMessageException(Fault.PARSE, "this line is no UTF-8");
        }
    }

    /** A request as a line. */
    static byte[] request(Object id, String method, Object params) {
        return line(json -> {
            json.name("id");
            Records.write(json, id);
            call(json, method, params);
        });
    }

    /** A notice as a line. */
    static byte[] notice(String method, Object params) {
        return line(json -> call(json, method, params));
    }

    /** A reply as a line. */
    static byte[] reply(Object id, Object result) {
        return line(json -> {
            json.name("id");
            Records.write(json, id);
            json.name("result");
            Records.write(json, result);
        });
    }

    /** A failure as a line. */
    static byte[] failure(@Nullable Object id, Fault fault) {
        return line(json -> {
            json.name("id");
            Records.write(json, id);
            json.name("error");
            Records.write(json, fault.json());
        });
    }

    private static void call(JsonWriter json, String method, Object params) throws IOException {
        json.name("method").value(method);
        json.name("params");
        Records.write(json, params);
    }

    /** Writes the members of a message. */
    interface Members {
        /** Writes them. */
        void write(JsonWriter json) throws IOException;
    }

    private static byte[] line(Members members) {
        var text = new StringWriter(256);
        try (var json = new JsonWriter(text)) {
            json.beginObject();
            json.name("jsonrpc").value("2.0");
            members.write(json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to be written to", e);
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
