package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Options of sockets, all of level {@code SOL_SOCKET}. Thread-safe. */
final class SocketOptions {
    static final int SOL_SOCKET = 1;
    static final int TYPE = 3;
    static final int RECEIVE_BUFFER = 8;
    static final int PASS_CREDENTIALS = 16;
    static final int ACCEPTS_CONNECTIONS = 30;
    static final int RECEIVE_BUFFER_FORCE = 33;
    static final int DOMAIN = 39;
    static final int PASS_PIDFD = 76;

    private SocketOptions() {}

    /** Reads one into memory of its size; 0 or the error number below zero. */
    static long get(int fd, int option, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, (int) value.byteSize());
            return Syscall.call(Syscall.GETSOCKOPT, fd, SOL_SOCKET, option, value.address(), size.address(), 0);
        }
    }

    /** Reads a number; the error number below zero when it cannot be had. */
    static long get(int fd, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 8);
            long result = get(fd, option, value);
            return result < 0 ? result : value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Sets a number; 0 or the error number below zero. */
    static long set(int fd, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return Syscall.call(Syscall.SETSOCKOPT, fd, SOL_SOCKET, option, memory.address(), 4, 0);
        }
    }
}
