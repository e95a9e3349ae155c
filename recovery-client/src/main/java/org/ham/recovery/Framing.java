package org.ham.recovery;

import static java.util.Objects.requireNonNull;

/**
 * Where messages end on one connection. Immutable; what it holds is not.
 *
 * @param requests in what the program writes
 * @param answers in what the peer writes: one answer ends for each request, in their order
 */
public record Framing(Boundary requests, Boundary answers) {
    /** Both are there. */
    public Framing {
        requireNonNull(requests, "requests");
        requireNonNull(answers, "answers");
    }

    /** One line is asked, one line is answered. */
    public static Framing lines() {
        return new Framing(Boundary.lines(), Boundary.lines());
    }
}
