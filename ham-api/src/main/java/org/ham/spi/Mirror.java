package org.ham.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What the core tells the guardian bundle's parts, and is told by them. Registered by the core in both roles.
 * Thread-safe.
 */
@ProviderType
public interface Mirror {
    /** The last journal line that is folded, 0 before the first. */
    long seq();

    /** Whether the journal was folded to its end at least once. */
    boolean caughtUp();

    /** Writes into the timeline that a Guardian stands by. Only while this process is the HAM. */
    void guardianStarted(long pid);

    /** Writes into the timeline that the Guardian is ready to take over. */
    void guardianReady(long pid);

    /** Writes into the timeline that the Guardian failed, and counts it. */
    void guardianFailed(long pid, String why);

    /** Writes into the timeline that something is wrong with HAM itself; an empty text clears the alarm. */
    void alarm(String source, String text);

    /** Writes into the timeline that a part of HAM sent a signal to what is or was an entity's process. */
    void signalled(String source, String entity, long pid, String signal, String why);

    /** Whether a stop was asked for and is in the journal. */
    boolean stopping();
}
