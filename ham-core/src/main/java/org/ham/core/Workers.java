package org.ham.core;

import java.time.Duration;

/** What runs actions, and tells when they have had their time. Thread-safe. */
interface Workers extends AutoCloseable {
    /**
     * Runs something at once beside everything else.
     *
     * @param name for people who look at threads
     * @return interrupts it, as often as it is called
     */
    Runnable start(String name, Runnable what);

    /**
     * Runs something short some time later.
     *
     * @return takes it back, when it has not run yet
     */
    Runnable after(Duration time, Runnable what);

    /** Forgets what was to run later; what was started goes on. */
    @Override
    void close();
}
