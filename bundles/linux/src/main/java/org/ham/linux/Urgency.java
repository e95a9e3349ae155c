package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/** Precedence over other work on the processors, for the few threads that notice and recover. Thread-safe. */
@ProviderType
public interface Urgency {
    /**
     * Gives the calling thread the precedence of nice -20, so that a busy machine does not delay it. Threads and processes that
     * it starts have none of it: they begin with nice 0.
     *
     * @return false when it stays as it is: the user or container may not do so, it was turned off, or it has another nice
     *     value than 0, or another scheduling policy than the usual one, already
     */
    boolean raiseThisThread();
}
