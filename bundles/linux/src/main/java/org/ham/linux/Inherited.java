package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Descriptors that this process was started with: what they are must be asked. Thread-safe. */
final class Inherited {
    private static final int SET_DESCRIPTOR_FLAGS = 2;
    private static final int GET_FLAGS = 3;
    private static final int SET_FLAGS = 4;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int ADDRESS_SIZE = 128;

    private Inherited() {}

    /** Refuses what is not a unix socket of a type, bound to a name, listening if it is a stream socket. */
    static void check(int fd, int type, String what) {
        long domain = SocketOptions.get(fd, SocketOptions.DOMAIN);
        if (domain == -Errno.EBADF) {
            throw new LinuxException("descriptor " + fd + " is not open; it was to be a " + what, Errno.EBADF);
        }
        boolean right = domain == NativeSockets.AF_UNIX
                && SocketOptions.get(fd, SocketOptions.TYPE) == type
                && (type != NativeSockets.STREAM || SocketOptions.get(fd, SocketOptions.ACCEPTS_CONNECTIONS) == 1)
                && hasName(fd);
        if (!right) {
            throw new LinuxException("descriptor " + fd + " is no " + what, Errno.EINVAL);
        }
    }

    private static boolean hasName(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_SIZE, 8);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, ADDRESS_SIZE);
            long result = Syscall.call(Syscall.GETSOCKNAME, fd, address.address(), size.address());
            // The family alone is the address of a socket that was never bound.
            return result == 0 && size.get(ValueLayout.JAVA_INT, 0) > Short.BYTES;
        }
    }

    /** Keeps it from the processes that this one starts, and from waiting. */
    static void makeOwn(int fd) {
        long flags = Syscall.call(Syscall.FCNTL, fd, GET_FLAGS);
        long result = flags < 0 ? flags : Syscall.call(Syscall.FCNTL, fd, SET_FLAGS, flags | Syscall.O_NONBLOCK);
        if (result == 0) {
            result = Syscall.call(Syscall.FCNTL, fd, SET_DESCRIPTOR_FLAGS, CLOSE_ON_EXEC);
        }
        if (result < 0) {
            throw Errno.failure("cannot use descriptor " + fd, result);
        }
    }
}
