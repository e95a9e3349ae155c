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

    /** Its number in this process, to be passed on with {@link Spawn#descriptors}; it stays this listener's. */
    int fd();

    /**
     * Closes this process's end and ends a waiting {@link #accept}, but leaves the socket file to the others that hold the
     * socket: clients go on waiting for them.
     */
    void leave();

    /**
     * The same as {@link #leave}, but the socket stays open in this process for whoever adopts it next.
     *
     * @throws LinuxException {@code EBADF} when it is closed, {@code EMFILE} when there are too many descriptors
     */
    PassedDescriptor leaveOpen();

    /**
     * Ends the listener and a waiting {@link #accept}; deletes the socket file if this process made it and it is still this
     * listener's.
     */
    @Override
    void close();
}
