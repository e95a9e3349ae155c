package org.ham.recovery;

/** What a request is to a {@link RequestProtocol}. */
public enum Meaning {
    /** It may be carried out twice: {@link Replay#AT_LEAST_ONCE}. */
    REPEATABLE,
    /** It must not be carried out twice: {@link Replay#AT_MOST_ONCE}. */
    ONCE,
    /**
     * It makes state at the peer, such as a login: sent again, and first, on each later connection once it was accepted. If it is longer
     * than 64 KiB, or comes within what {@link #BEGINS} began or while its answer stands {@link Boundary.Standing#HELD}, it {@link
     * #ENDS}: it may be undone there, and nobody would know.
     */
    REMEMBERED,
    /** It begins what only {@link #COMPLETES} ends, such as a transaction; a loss in between must be told. */
    BEGINS,
    /** It ends that, once it is answered. */
    COMPLETES,
    /** From here on the connection is not brought back: it is about to be ended, or becomes something else. */
    ENDS
}
