package org.ham.journal;

import static java.util.Objects.requireNonNull;

/**
 * All that came of the journal up to a line, so that reading need not begin at the first. Immutable.
 *
 * @param seq the last line that is in it
 * @param epoch the epoch it was written in
 * @param state text of the core's own
 */
public record Snapshot(long seq, long epoch, String state) {
    /** Refuses missing parts. */
    public Snapshot {
        requireNonNull(state, "state");
    }
}
