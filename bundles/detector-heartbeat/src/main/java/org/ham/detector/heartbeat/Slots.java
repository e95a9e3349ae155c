package org.ham.detector.heartbeat;

/** The beats of one process as they stand in its page. */
interface Slots extends AutoCloseable {
    /** How many slots have ever been used; at least 1, the process's own. */
    int used();

    /** Whether a thread has a slot; slot 0 belongs to the process. */
    boolean taken(int slot);

    /** When a slot last beat, as its process's clock said; 0 for never. */
    long beat(int slot);

    /** Lets go of the page. */
    @Override
    void close();
}
