package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One place to wait for everything. One thread waits at a time; callbacks run on it. Everything but {@link #await} is
 * thread-safe.
 */
@ProviderType
public interface Reactor {
    /**
     * Waits until something happens, {@link #wake} is called or the time is over, and runs the callbacks. May return
     * earlier. An interrupt does not end it; {@link #wake} does.
     *
     * @param nanos how long at the most; 0 or less looks only, {@link Long#MAX_VALUE} is for ever
     * @throws LinuxException {@code EBADF} when it was closed
     */
    void await(long nanos);

    /** Ends the current or the next {@link #await}. */
    void wake();

    /**
     * Calls back whenever a descriptor is readable, level-triggered: as long as it stays readable, on every {@link
     * #await}.
     *
     * @return closing it ends the watch; the descriptor stays open and is the caller's
     */
    AutoCloseable onReadable(int fd, Runnable callback);
}
