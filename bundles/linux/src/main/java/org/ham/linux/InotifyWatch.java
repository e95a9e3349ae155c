package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Directories through inotify, one descriptor each. Thread-safe. */
final class InotifyWatch implements DirectoryWatch {
    private static final int MODIFY = 0x2;
    private static final int CLOSE_WRITE = 0x8;
    private static final int MOVED_FROM = 0x40;
    private static final int MOVED_TO = 0x80;
    private static final int CREATE = 0x100;
    private static final int DELETE = 0x200;
    private static final int ONLY_DIRECTORY = 0x0100_0000;
    private static final int MASK = MODIFY | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | ONLY_DIRECTORY;
    private static final int BUFFER = 16384;

    private final EpollReactor reactor;

    InotifyWatch(EpollReactor reactor) {
        this.reactor = reactor;
    }

    @Override
    public AutoCloseable watch(Path directory, Runnable changed) {
        int fd = (int) Syscall.call(Syscall.INOTIFY_INIT1, Syscall.O_CLOEXEC | Syscall.O_NONBLOCK);
        if (fd < 0) {
            throw Errno.failure("cannot watch " + directory, fd);
        }
        Descriptor descriptor = new Descriptor(fd);
        try {
            add(fd, directory);
            EpollReactor.Registration registration =
                    reactor.onReadable(fd, () -> drained(descriptor, directory, changed));
            return () -> {
                registration.close();
                descriptor.close();
            };
        } catch (LinuxException e) {
            descriptor.close();
            throw e;
        }
    }

    private static void add(int fd, Path directory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(directory.toString());
            long result = Syscall.call(Syscall.INOTIFY_ADD_WATCH, fd, path.address(), MASK);
            if (result < 0) {
                throw Errno.failure("cannot watch " + directory, result);
            }
        }
    }

    /** Takes out all there is, whatever it says, and tells once. */
    private static void drained(Descriptor descriptor, Path directory, Runnable changed) {
        if (!descriptor.acquire()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER, 8);
            long count;
            do {
                count = Syscall.call(Syscall.READ, descriptor.fd(), buffer.address(), BUFFER);
            } while (count > 0 || count == -Errno.EINTR);
            if (count != -Errno.EAGAIN) {
                throw Errno.failure("cannot read the changes of " + directory, count);
            }
        } finally {
            descriptor.release();
        }
        changed.run();
    }
}
