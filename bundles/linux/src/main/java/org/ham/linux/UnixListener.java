package org.ham.linux;

import org.osgi.annotation.versioning.ProviderType;

/** A listening socket. Thread-safe. */
@ProviderType
public interface UnixListener extends AutoCloseable {
    /**
     * Waits for the next client.
     *
     * @throws LinuxException {@code EBADF} when the listener is or gets closed
     */
    UnixConnection accept();

    /** Ends the listener and a waiting {@link #accept}; deletes the socket file if it is still this listener's. */
    @Override
    void close();
}
