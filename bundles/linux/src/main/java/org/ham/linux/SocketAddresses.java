package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongBinaryOperator;

/** Puts paths into {@code struct sockaddr_un}, also those longer than its 107 bytes. Thread-safe. */
final class SocketAddresses {
    private static final short AF_UNIX = 1;
    private static final int LONGEST = 107;
    private static final int O_PATH = 0x20_0000;

    private SocketAddresses() {}

    /** Calls with the address and length of a socket address for the path. */
    static long with(Path path, LongBinaryOperator call) {
        Path absolute = path.toAbsolutePath();
        if (absolute.toString().getBytes(UTF_8).length <= LONGEST) {
            return withText(absolute.toString(), call);
        }
        return withFolder(absolute, call);
    }

    /** The folder is reached through a descriptor, which has a short name. */
    private static long withFolder(Path path, LongBinaryOperator call) {
        Path folder = Optional.ofNullable(path.getParent()).orElse(path);
        try (Arena arena = Arena.ofConfined()) {
            long fd = Syscall.call(
                    Syscall.OPENAT,
                    Syscall.AT_FDCWD,
                    arena.allocateFrom(folder.toString()).address(),
                    O_PATH | Syscall.O_CLOEXEC);
            if (fd < 0) {
                return fd;
            }
            try {
                return withText("/proc/self/fd/" + fd + "/" + path.getFileName(), call);
            } finally {
                Syscall.close((int) fd);
            }
        }
    }

    private static long withText(String text, LongBinaryOperator call) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > LONGEST) {
            return -Errno.ENAMETOOLONG;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2 + LONGEST + 1, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
            return call.applyAsLong(address.address(), 2L + bytes.length + 1);
        }
    }
}
