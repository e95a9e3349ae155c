package org.ham.wire;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** How words are written: {@code ABNORMAL_DEATH} is {@code abnormal-death}. */
final class Words {
    private Words() {}

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Object parse(Class<?> type, String field, String word) {
        var all = type.getEnumConstants();
        return Stream.of(all)
                .filter(value -> word((Enum<?>) value).equals(word))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        field + ": unknown word '" + (word.length() > 40 ? word.substring(0, 40) + "…" : word)
                                + "'; known are: "
                                + Stream.of(all)
                                        .map(value -> word((Enum<?>) value))
                                        .collect(Collectors.joining(", "))));
    }
}
