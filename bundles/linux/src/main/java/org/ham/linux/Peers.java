package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Asks the kernel who is at the other end. Thread-safe. */
final class Peers {
    /** {@code struct ucred}: pid, uid, gid. */
    static final int CREDENTIALS_SIZE = 12;

    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERPIDFD = 77;

    private final PidFds pidFds;

    Peers(PidFds pidFds) {
        this.pidFds = pidFds;
    }

    /** The peer of a connection. */
    Peer connected(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(CREDENTIALS_SIZE, 8);
            long result = SocketOptions.get(fd, SO_PEERCRED, credentials);
            if (result < 0) {
                throw Errno.failure("cannot tell who is at the other end", result);
            }
            MemorySegment pidfd = arena.allocate(4, 8);
            boolean told = SocketOptions.get(fd, SO_PEERPIDFD, pidfd) == 0;
            return of(credentials, told ? pidfd.get(ValueLayout.JAVA_INT, 0) : -1);
        }
    }

    /**
     * The peer with these credentials.
     *
     * @param pidfd a descriptor of its process, closed in here; below zero if there is none
     */
    Peer of(MemorySegment credentials, int pidfd) {
        long pid = credentials.get(ValueLayout.JAVA_INT, 0);
        Optional<ProcessRef> process = pidfd >= 0 && pid > 0 ? identify(pidfd, pid) : Optional.empty();
        if (pidfd >= 0) {
            Syscall.close(pidfd);
        }
        return new Peer(
                pid,
                Integer.toUnsignedLong(credentials.get(ValueLayout.JAVA_INT, 4)),
                Integer.toUnsignedLong(credentials.get(ValueLayout.JAVA_INT, 8)),
                process);
    }

    private Optional<ProcessRef> identify(int pidfd, long pid) {
        return pidFds.identifyEvenGone(pidfd, pid);
    }
}
