package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * The change of state that makes a {@code state} condition true: from one of {@code from} to one of {@code to}
 * ({@code ham_condition_state}). Reporting the same state again is a change from it to itself. Immutable.
 */
public record StateMatch(StateSet from, StateSet to) {
    /** Any change. */
    public static final StateMatch ANY = new StateMatch(StateSet.ANY, StateSet.ANY);

    /** Refuses missing parts. */
    public StateMatch {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
    }

    /** Whether a change is meant. */
    public boolean matches(int before, int after) {
        return from.contains(before) && to.contains(after);
    }
}
