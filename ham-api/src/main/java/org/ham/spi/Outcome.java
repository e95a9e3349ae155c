package org.ham.spi;

import static java.util.Objects.requireNonNull;

/**
 * What came of an action. Immutable.
 *
 * @param ok whether it succeeded
 * @param detail a sentence for the timeline: what was done, or why not
 */
public record Outcome(boolean ok, String detail) {
    /** The longest detail that is kept, in characters; the rest is cut off. */
    public static final int LONGEST = 2000;

    /** Cuts an over-long detail. */
    public Outcome {
        requireNonNull(detail, "detail");
        if (detail.length() > LONGEST) {
            detail = detail.substring(0, LONGEST) + "…";
        }
    }

    /** It succeeded. */
    public static Outcome done(String detail) {
        return new Outcome(true, detail);
    }

    /** It failed. */
    public static Outcome failed(String why) {
        return new Outcome(false, why);
    }
}
