package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What has to be raised to make a {@code raise} condition true ({@code ham_condition_raise}); an empty part means any. Unlike
 * in the original, 0 is a value like any other. Immutable.
 *
 * @param type the type, or any
 * @param category the class, or any
 * @param severity the severity, or any
 * @param atLeast whether a higher severity is meant too
 */
public record RaiseMatch(
        Optional<Integer> type, Optional<Integer> category, Optional<Integer> severity, boolean atLeast) {
    /** Whatever is raised. */
    public static final RaiseMatch ANY = new RaiseMatch(Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** Refuses missing parts. */
    public RaiseMatch {
        requireNonNull(type, "type");
        requireNonNull(category, "category");
        requireNonNull(severity, "severity");
        if (atLeast && severity.isEmpty()) {
            throw new HamException(
                    HamException.Code.INVALID, "at-least needs a severity: the lowest that makes the condition true");
        }
    }

    /** Exactly this. */
    public static RaiseMatch exactly(Raise raise) {
        return new RaiseMatch(
                Optional.of(raise.type()), Optional.of(raise.category()), Optional.of(raise.severity()), false);
    }

    /**
     * What is written as words: each {@code any} or a number, the severity also a number with {@code +} behind it, which means
     * that or a higher one; throws {@link HamException.Code#INVALID} that names the part and says what was expected.
     */
    public static RaiseMatch parse(String type, String category, String severity) {
        var atLeast = severity.endsWith("+");
        var lowest = atLeast ? severity.substring(0, severity.length() - 1) : severity;
        if (atLeast && lowest.equals("any")) {
            throw wrong("severity", "any, a number such as 3 or at least that as 3+", severity);
        }
        return new RaiseMatch(
                part("type", "any or a number such as 3", type),
                part("class", "any or a number such as 3", category),
                part("severity", "any, a number such as 3 or at least that as 3+", lowest),
                atLeast);
    }

    private static Optional<Integer> part(String name, String expected, String word) {
        try {
            return word.equals("any") ? Optional.empty() : Optional.of(Integer.valueOf(word));
        } catch (NumberFormatException e) {
            throw wrong(name, expected, word);
        }
    }

    private static HamException wrong(String name, String expected, String word) {
        return new HamException(HamException.Code.INVALID, name + ": expected " + expected + ", found '" + word + "'");
    }

    /** The severity as {@link #parse} reads it. */
    public String severityWord() {
        return word(severity) + (atLeast ? "+" : "");
    }

    /** As it is printed: {@code type any, class 2, severity 3+}. */
    @Override
    public String toString() {
        return "type " + word(type) + ", class " + word(category) + ", severity " + severityWord();
    }

    private static String word(Optional<Integer> part) {
        return part.map(String::valueOf).orElse("any");
    }

    /** Whether something raised is meant. */
    public boolean matches(Raise raise) {
        return type.map(wanted -> wanted == raise.type()).orElse(true)
                && category.map(wanted -> wanted == raise.category()).orElse(true)
                && severity.map(wanted -> atLeast ? raise.severity() >= wanted : raise.severity() == wanted)
                        .orElse(true);
    }
}
