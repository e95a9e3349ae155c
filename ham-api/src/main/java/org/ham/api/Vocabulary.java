package org.ham.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.api.HamException.Code;

/** How the words of HAM's vocabularies are written: {@code ABNORMAL_DEATH} is {@code abnormal-death}. */
final class Vocabulary {
    private Vocabulary() {}

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E parse(Class<E> type, String what, String word) {
        return Stream.of(type.getEnumConstants())
                .filter(value -> word(value).equals(word))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        "unknown " + what + " '" + word + "'; known are: "
                                + Stream.of(type.getEnumConstants())
                                        .map(Vocabulary::word)
                                        .collect(Collectors.joining(", "))));
    }

    static <E extends Enum<E>> Set<E> copy(Class<E> type, Set<E> values) {
        var copy = EnumSet.noneOf(type);
        copy.addAll(values);
        return java.util.Collections.unmodifiableSet(copy);
    }
}
