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

    /** Whether something raised is meant. */
    public boolean matches(Raise raise) {
        return type.map(wanted -> wanted == raise.type()).orElse(true)
                && category.map(wanted -> wanted == raise.category()).orElse(true)
                && severity.map(wanted -> atLeast ? raise.severity() >= wanted : raise.severity() == wanted)
                        .orElse(true);
    }
}
