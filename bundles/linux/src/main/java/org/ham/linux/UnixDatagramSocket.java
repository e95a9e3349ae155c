package org.ham.linux;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A socket that processes send datagrams to, each with its sender's identity. Until somebody reads them they wait in the
 * kernel, which holds up or refuses senders once too many wait. Thread-safe.
 */
@ProviderType
public interface UnixDatagramSocket extends AutoCloseable {
    /** How much of one datagram is taken in; the rest is cut off. */
    int MOST_BYTES = 64 << 10;

    /** How many descriptors of one datagram are taken in; the others are closed. */
    int MOST_DESCRIPTORS = 16;

    /** How many datagrams are taken in at one wake-up, so that a flood does not keep the reactor from its other work. */
    int MOST_AT_ONCE = 64;

    /**
     * Its number in this process, to be passed on with {@link Spawn#descriptors}; it stays this socket's.
     */
    int fd();

    /**
     * Reads from now on; what arrived before comes first. One reader at a time.
     *
     * @param receiver called on the thread that is in {@link Reactor#await}; the datagram is closed after it returns
     * @return closing it ends the reading, later datagrams wait
     * @throws LinuxException {@code EBUSY} when it is read already, {@code EBADF} when it is closed
     */
    AutoCloseable onDatagram(Consumer<Datagram> receiver);

    /** Closes this process's end and leaves the socket file to the others that hold the socket. */
    void leave();

    /**
     * The same as {@link #leave}, but the socket stays open in this process for whoever adopts it next.
     *
     * @throws LinuxException {@code EBADF} when it is closed, {@code EMFILE} when there are too many descriptors
     */
    PassedDescriptor leaveOpen();

    /** Closes it and deletes the socket file if this process made it and it is still this socket's. */
    @Override
    void close();
}
