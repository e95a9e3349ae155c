package org.ham.linux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A datagram socket that is read in the reactor. Thread-safe. */
final class DatagramReceiver implements UnixDatagramSocket {
    private final Descriptor descriptor;
    private final Path path;
    private final Optional<SocketFile> file;
    private final EpollReactor reactor;
    private final Peers peers;
    private EpollReactor.@Nullable Registration registration;
    private boolean closed;

    DatagramReceiver(int fd, Path path, Optional<SocketFile> file, EpollReactor reactor, Peers peers) {
        this.descriptor = new Descriptor(fd);
        this.path = path;
        this.file = file;
        this.reactor = reactor;
        this.peers = peers;
    }

    /** Has the kernel attach the sender to every datagram from now on. */
    static void askForSenders(int fd) {
        long result = SocketOptions.set(fd, SocketOptions.PASS_CREDENTIALS, 1);
        if (result < 0) {
            throw Errno.failure("cannot have senders told", result);
        }
        // Fails before Linux 6.5, which has only their credentials.
        SocketOptions.set(fd, SocketOptions.PASS_PIDFD, 1);
    }

    /** Makes the receive buffer that large, as far as this process may; 0 leaves it alone. */
    static void enlarge(int fd, int size) {
        if (size > 0 && SocketOptions.set(fd, SocketOptions.RECEIVE_BUFFER_FORCE, size) < 0) {
            SocketOptions.set(fd, SocketOptions.RECEIVE_BUFFER, size);
        }
    }

    @Override
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public synchronized AutoCloseable onDatagram(Consumer<Datagram> receiver) {
        if (closed) {
            throw Errno.failure("cannot receive on " + path, Errno.EBADF);
        }
        if (registration != null) {
            throw new LinuxException("cannot receive on " + path + ": it is read already", Errno.EBUSY);
        }
        MessageBuffer buffer = new MessageBuffer(peers);
        EpollReactor.Registration created =
                reactor.register(descriptor.fd(), EpollReactor.READABLE, () -> receive(buffer, receiver));
        registration = created;
        return () -> stop(created);
    }

    private void receive(MessageBuffer buffer, Consumer<Datagram> receiver) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Optional<Datagram> next = next(buffer);
            if (next.isEmpty()) {
                return;
            }
            try (Datagram datagram = next.get()) {
                receiver.accept(datagram);
            }
        }
    }

    /** Asked each time: the receiver may close this socket in the middle of a batch. */
    private Optional<Datagram> next(MessageBuffer buffer) {
        if (!isRead() || !descriptor.acquire()) {
            return Optional.empty();
        }
        try {
            return buffer.receive(descriptor.fd());
        } finally {
            descriptor.release();
        }
    }

    private synchronized boolean isRead() {
        return registration != null;
    }

    private synchronized void stop(EpollReactor.Registration which) {
        which.close();
        if (registration == which) {
            registration = null;
        }
    }

    @Override
    public synchronized void leave() {
        closed = true;
        if (registration != null) {
            stop(registration);
        }
        descriptor.close();
    }

    @Override
    public synchronized PassedDescriptor leaveOpen() {
        PassedDescriptor kept = descriptor.duplicate();
        leave();
        return kept;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            // Not later: the number of a file that nobody has open any more soon is that of another one.
            file.ifPresent(SocketFile::deleteIfStillMine);
            leave();
        }
    }
}
