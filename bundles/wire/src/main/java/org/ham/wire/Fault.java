package org.ham.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The error of a reply. A refusal of the HAM has the error number of the original as its code and its name in the data.
 * Immutable.
 *
 * @param code a number of JSON-RPC below 0, or an error number
 * @param message a sentence for people
 * @param name the name of the error number, empty for an error of the protocol
 */
public record Fault(int code, String message, String name) {
    /** The line is no JSON. */
    public static final int PARSE = -32700;

    /** The JSON is no message. */
    public static final int NO_MESSAGE = -32600;

    /** There is no such method. */
    public static final int NO_METHOD = -32601;

    /** The numbers of Linux, in the order of the codes. */
    private static final Map<Code, Integer> NUMBERS = numbers();

    private static Map<Code, Integer> numbers() {
        var numbers = new LinkedHashMap<Code, Integer>();
        numbers.put(Code.EXISTS, 17);
        numbers.put(Code.INVALID, 22);
        numbers.put(Code.NAME_TOO_LONG, 36);
        numbers.put(Code.NOT_FOUND, 2);
        numbers.put(Code.NOT_CONNECTED, 9);
        numbers.put(Code.DENIED, 13);
        numbers.put(Code.LIMIT, 11);
        numbers.put(Code.FAILED, 5);
        numbers.put(Code.TIMED_OUT, 110);
        return numbers;
    }

    /** The error that tells of a refusal. */
    public static Fault of(HamException e) {
        return new Fault(
                NUMBERS.getOrDefault(e.code(), 5),
                String.valueOf(e.getMessage()),
                e.code().errno());
    }

    /** The refusal that an error tells of. */
    public HamException exception() {
        return new HamException(known().orElse(code < 0 ? Code.INVALID : Code.FAILED), message);
    }

    private Optional<Code> known() {
        return Stream.of(Code.values()).filter(one -> one.errno().equals(name)).findFirst();
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("code", (long) code);
        json.put("message", message);
        if (!name.isEmpty()) {
            json.put("data", Map.of("errno", name));
        }
        return json;
    }

    static Fault of(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> map)) {
            return new Fault(NO_MESSAGE, "an error that is no object", "");
        }
        var code = map.get("code") instanceof Long number ? Math.toIntExact(Math.clamp(number, -99_999, 99_999)) : 0;
        var name = map.get("data") instanceof Map<?, ?> data && data.get("errno") instanceof String text ? text : "";
        return new Fault(code, String.valueOf(map.get("message")), name);
    }
}
