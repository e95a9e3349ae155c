package org.ham.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/** Takes plain values of JSON for what is expected of them, or throws {@code INVALID} with what that is. Stateless. */
final class Plain {
    private Plain() {}

    static Map<?, ?> object(@Nullable Object json, String field) {
        if (json instanceof Map<?, ?> map) {
            return map;
        }
        throw expected(field, "an object");
    }

    static List<?> list(@Nullable Object json, String field) {
        if (json instanceof List<?> list) {
            return list;
        }
        throw expected(field, "a list");
    }

    static String text(@Nullable Object json, String field) {
        if (json instanceof String text) {
            return text;
        }
        throw expected(field, "a string");
    }

    static boolean flag(@Nullable Object json, String field) {
        if (json instanceof Boolean flag) {
            return flag;
        }
        throw expected(field, "true or false");
    }

    static long number(@Nullable Object json, long least, long most, String field) {
        if (json instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw expected(field, "a whole number from " + least + " to " + most);
    }

    static Instant instant(@Nullable Object json, String field) {
        try {
            return Instant.parse(text(json, field));
        } catch (DateTimeException e) {
            throw expected(field, "a time in ISO 8601");
        }
    }

    static ExitReason reason(Map<?, ?> map) {
        return switch (String.valueOf(map.get("kind"))) {
            case "exited" -> ExitReason.exited(map.get("code") instanceof Long code ? code.intValue() : 0);
            case "signalled" ->
                ExitReason.signalled(String.valueOf(map.get("signal")), Boolean.TRUE.equals(map.get("core")));
            // A kind of a later version is one that this version cannot tell.
            default -> ExitReason.UNKNOWN;
        };
    }

    static HamException expected(String field, String what) {
        return new HamException(Code.INVALID, (field.isEmpty() ? "params" : field) + ": expected " + what);
    }

    /** As much of a stranger's text as has room in a message. */
    static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
