package org.ham.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Unix stream sockets by system calls: the JDK's own do not tell the pid at the other end. Thread-safe. */
final class NativeSockets implements UnixSockets, AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int STREAM = 1;
    private static final int BACKLOG = 1024;
    private static final int FLAGS = Syscall.O_CLOEXEC | Syscall.O_NONBLOCK;

    private final SocketPoller poller = new SocketPoller();

    @Override
    public UnixListener listen(Path path, int mode) {
        Path temporary = path.resolveSibling("." + UUID.randomUUID().toString().substring(0, 8));
        int fd = socket();
        try {
            require(
                    SocketAddresses.with(temporary, (address, size) -> Syscall.call(Syscall.BIND, fd, address, size)),
                    "cannot listen on " + path);
            Files.setPosixFilePermissions(temporary, permissions(mode));
            require(Syscall.call(Syscall.LISTEN, fd, BACKLOG), "cannot listen on " + path);
            Object key = key(temporary);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            return new Listener(new SocketEnd(fd, EpollReactor.READABLE, poller), path, key);
        } catch (IOException e) {
            undo(fd, temporary);
            throw new LinuxException("cannot listen on " + path + ": " + e.getMessage(), Errno.EIO);
        } catch (RuntimeException e) {
            undo(fd, temporary);
            throw e;
        }
    }

    @Override
    public UnixConnection connect(Path path) {
        int fd = socket();
        // A non-blocking connect to a unix socket succeeds or fails at once; EAGAIN is a full backlog.
        long result = SocketAddresses.with(path, (address, size) -> Syscall.call(Syscall.CONNECT, fd, address, size));
        if (result < 0) {
            Syscall.close(fd);
            throw Errno.failure("cannot connect to " + path, result);
        }
        return SocketConnection.of(fd, poller);
    }

    private static int socket() {
        long fd = Syscall.call(Syscall.SOCKET, AF_UNIX, STREAM | FLAGS, 0);
        require(fd, "cannot create a socket");
        return (int) fd;
    }

    private static void undo(int fd, Path temporary) {
        Syscall.close(fd);
        delete(temporary);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.getLogger(NativeSockets.class.getName())
                    .log(System.Logger.Level.WARNING, "The socket file " + path + " cannot be deleted.", e);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        // Declared from the owner's read to the others' execute, as the bits are from high to low.
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static void require(long result, String what) {
        if (result < 0) {
            throw Errno.failure(what, result);
        }
    }

    @Override
    public void close() {
        poller.close();
    }

    private final class Listener implements UnixListener {
        private final SocketEnd end;
        private final Path path;
        private final @Nullable Object key;

        private Listener(SocketEnd end, Path path, @Nullable Object key) {
            this.end = end;
            this.path = path;
            this.key = key;
        }

        @Override
        public UnixConnection accept() {
            long fd = end.call(listening -> Syscall.call(Syscall.ACCEPT4, listening, 0, 0, FLAGS));
            require(fd, "cannot accept a client on " + path);
            return SocketConnection.of((int) fd, poller);
        }

        @Override
        public void close() {
            end.close();
            try {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key(path), key)) {
                    delete(path);
                }
            } catch (IOException gone) {
                // Somebody else took it away in between, which is what was wanted.
                return;
            }
        }
    }
}
