package org.ham.simulation;

import java.util.List;
import org.ham.guardian.SimulatedGuard;

/** What is wrong with a distribution that somebody upgrades to, as far as a node of it sees that itself. */
enum Flaw implements SimulatedGuard.Wholeness {
    NONE,
    /** It never calls itself ready. */
    COLD,
    /** It leads without a part that it should have. */
    PARTIAL;

    static Flaw draw(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> COLD;
            case 1 -> PARTIAL;
            default -> NONE;
        };
    }

    @Override
    public List<String> missing() {
        return this == PARTIAL ? List.of("a part of it is missing") : List.of();
    }

    @Override
    public boolean mayBeReady() {
        return this != COLD;
    }
}
