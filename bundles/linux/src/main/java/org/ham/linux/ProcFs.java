package org.ham.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Reads small files of {@code /proc}, whose size is not known beforehand, with three system calls. Thread-safe. */
final class ProcFs {
    private ProcFs() {}

    /** The first bytes of a file, at most that many; empty when it cannot be read. */
    static Optional<byte[]> read(String path, int most) {
        try (Arena arena = Arena.ofConfined()) {
            long fd = Syscall.call(
                    Syscall.OPENAT, Syscall.AT_FDCWD, arena.allocateFrom(path).address(), Syscall.O_CLOEXEC);
            if (fd < 0) {
                return Optional.empty();
            }
            try {
                return readAll((int) fd, arena.allocate(most));
            } finally {
                Syscall.close((int) fd);
            }
        }
    }

    private static Optional<byte[]> readAll(int fd, MemorySegment buffer) {
        long length = 0;
        while (length < buffer.byteSize()) {
            long count = Syscall.call(Syscall.READ, fd, buffer.address() + length, buffer.byteSize() - length);
            if (count < 0 && count != -Errno.EINTR) {
                return Optional.empty();
            }
            if (count == 0) {
                break;
            }
            length += Math.max(count, 0);
        }
        return Optional.of(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }

    static String bootId() {
        return read("/proc/sys/kernel/random/boot_id", 64)
                .map(bytes -> new String(bytes, ISO_8859_1).strip())
                .orElseThrow(() -> new LinuxException(
                        "/proc/sys/kernel/random/boot_id cannot be read; HAM needs /proc mounted", Errno.ENOENT));
    }

    static boolean kernelAtLeast(int major, int minor) {
        String release = read("/proc/sys/kernel/osrelease", 128)
                .map(bytes -> new String(bytes, ISO_8859_1).strip())
                .orElse("0.0");
        String[] parts = release.split("[^0-9]+", 3);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return false;
        }
        int running = Integer.parseInt(parts[0]);
        return running > major || (running == major && Integer.parseInt(parts[1]) >= minor);
    }
}
