package org.ham.journal;

/**
 * A place in the journal. Immutable.
 *
 * @param seq the last line known, 0 before the first
 * @param epoch the highest epoch known, 0 before the first
 */
public record Position(long seq, long epoch) {
    /** Before the first line. */
    public static final Position START = new Position(0, 0);
}
