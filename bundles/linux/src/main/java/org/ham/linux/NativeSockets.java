package org.ham.linux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Unix sockets by system calls: the JDK's own do not tell the pid at the other end. Thread-safe. */
final class NativeSockets implements UnixSockets, AutoCloseable {
    static final int AF_UNIX = 1;
    static final int STREAM = 1;
    static final int DATAGRAM = 2;
    private static final int BACKLOG = 1024;
    private static final int FLAGS = Syscall.O_CLOEXEC | Syscall.O_NONBLOCK;

    private final SocketPoller poller = new SocketPoller();
    private final EpollReactor reactor;
    private final Peers peers;

    /** The reactor is where datagrams are received; connections are waited for on a thread of their own. */
    NativeSockets(EpollReactor reactor, Peers peers) {
        this.reactor = reactor;
        this.peers = peers;
    }

    @Override
    public UnixListener listen(Path path, int mode) {
        int fd = socket(STREAM);
        try {
            SocketFile file = SocketFile.bind(fd, path, mode, () -> Syscall.call(Syscall.LISTEN, fd, BACKLOG));
            return new Listener(fd, path, Optional.of(file));
        } catch (RuntimeException e) {
            Syscall.close(fd);
            throw e;
        }
    }

    @Override
    public UnixConnection connect(Path path) {
        int fd = socket(STREAM);
        // A non-blocking connect to a unix socket succeeds or fails at once; EAGAIN is a full backlog.
        long result = SocketAddresses.with(path, (address, size) -> Syscall.call(Syscall.CONNECT, fd, address, size));
        if (result < 0) {
            Syscall.close(fd);
            throw Errno.failure("cannot connect to " + path, result);
        }
        return SocketConnection.of(fd, poller, peers);
    }

    @Override
    public UnixDatagramSocket bind(Path path, int mode, int receiveBuffer) {
        int fd = socket(DATAGRAM);
        try {
            // Before anybody can send: what arrives without credentials is nobody's.
            DatagramReceiver.askForSenders(fd);
            DatagramReceiver.enlarge(fd, receiveBuffer);
            SocketFile file = SocketFile.bind(fd, path, mode, () -> 0);
            return new DatagramReceiver(fd, path, Optional.of(file), reactor, peers);
        } catch (RuntimeException e) {
            Syscall.close(fd);
            throw e;
        }
    }

    @Override
    public UnixListener adoptListener(int fd, Path path) {
        Inherited.check(fd, STREAM, "listening unix socket");
        Inherited.makeOwn(fd);
        return new Listener(fd, path, SocketFile.existing(path));
    }

    @Override
    public UnixDatagramSocket adoptDatagramSocket(int fd, Path path) {
        Inherited.check(fd, DATAGRAM, "unix datagram socket with a name");
        Inherited.makeOwn(fd);
        DatagramReceiver.askForSenders(fd);
        return new DatagramReceiver(fd, path, SocketFile.existing(path), reactor, peers);
    }

    /** Where its connections are waited for. */
    SocketPoller poller() {
        return poller;
    }

    private static int socket(int type) {
        long fd = Syscall.call(Syscall.SOCKET, AF_UNIX, type | FLAGS, 0);
        if (fd < 0) {
            throw Errno.failure("cannot create a socket", fd);
        }
        return (int) fd;
    }

    @Override
    public void close() {
        poller.close();
    }

    private final class Listener implements UnixListener {
        private final SocketEnd end;
        private final Path path;
        private final Optional<SocketFile> file;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Listener(int fd, Path path, Optional<SocketFile> file) {
            this.end = new SocketEnd(fd, poller);
            this.path = path;
            this.file = file;
        }

        @Override
        public UnixConnection accept() {
            long fd = end.whenReadable(listening -> Syscall.call(Syscall.ACCEPT4, listening, 0, 0, FLAGS));
            if (fd < 0) {
                throw Errno.failure("cannot accept a client on " + path, fd);
            }
            return SocketConnection.of((int) fd, poller, peers);
        }

        @Override
        public int fd() {
            return end.fd();
        }

        @Override
        public void leave() {
            closed.set(true);
            end.close();
        }

        @Override
        public PassedDescriptor leaveOpen() {
            PassedDescriptor kept = end.duplicate();
            leave();
            return kept;
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                // Not later: the number of a file that nobody has open any more soon is that of another one.
                file.ifPresent(SocketFile::deleteIfStillMine);
                end.close();
            }
        }
    }
}
