package org.ham.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Gives files away. Thread-safe. */
final class FileOwner {
    private FileOwner() {}

    /** Changes owner and group of a file that this process has just made. */
    static void change(Path file, long uid, long gid) {
        try (Arena arena = Arena.ofConfined()) {
            long fd = Syscall.call(
                    Syscall.OPENAT,
                    Syscall.AT_FDCWD,
                    arena.allocateFrom(file.toString()).address(),
                    Syscall.O_CLOEXEC);
            if (fd < 0) {
                throw Errno.failure("cannot open " + file, fd);
            }
            try {
                long result = Syscall.call(Syscall.FCHOWN, fd, uid, gid);
                if (result < 0) {
                    throw Errno.failure("cannot give " + file + " to uid " + uid + ", gid " + gid, result);
                }
            } finally {
                Syscall.close((int) fd);
            }
        }
    }
}
