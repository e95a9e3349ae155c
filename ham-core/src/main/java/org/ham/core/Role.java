package org.ham.core;

/** What the loop does in a turn: follow the journal, or lead. Confined to the loop's thread. */
interface Role {
    /** Does what there is to do. */
    void turn();

    /** When it wants its next turn at the latest, as {@code CLOCK_MONOTONIC}; {@link Long#MAX_VALUE} for whenever. */
    long nextTurn();

    void close();
}
