package org.ham.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The kernel's FUSE through {@code /dev/fuse}, without any library. Thread-safe. */
final class KernelFuse implements FuseMounts {
    private static final String DEVICE = "/dev/fuse";
    private static final String TYPE = "fuse.ham";
    private static final String DIRECTORY_MODE = "40000";
    private static final int READ_WRITE = 2;
    private static final int READ_ONLY = 1;
    private static final int NO_SUID = 2;
    private static final int NO_DEVICES = 4;
    private static final int NO_PROGRAMS = 8;
    private static final int MOUNT_FLAGS = READ_ONLY | NO_SUID | NO_DEVICES | NO_PROGRAMS;
    private static final int DETACH = 2;
    private static final int FOLLOW_NO_LINK = 8;

    /** Each takeover adds at most one layer, and takes away those before. */
    private static final int MOST_LAYERS = 64;

    private final SocketPoller poller;
    private final FuseHelper helper;

    KernelFuse(SocketPoller poller, FuseHelper helper) {
        this.poller = poller;
        this.helper = helper;
    }

    @Override
    public FuseMount mount(Path directory) {
        Path place = canonical(directory);
        Optional<String> there = MountTable.typeAt(place);
        if (there.isPresent()) {
            throw new LinuxException(
                    "cannot mount on " + place + ": a file system of type " + there.get() + " is mounted there",
                    Errno.EBUSY);
        }
        int fd = Users.effective() == 0 ? mountAsRoot(place) : mountByHelper(place);
        try {
            Inherited.makeOwn(fd);
        } catch (LinuxException e) {
            Syscall.close(fd);
            throw e;
        }
        return new Mounted(place, new SocketEnd(fd, poller));
    }

    private static int mountAsRoot(Path place) {
        int fd = open();
        try (Arena arena = Arena.ofConfined()) {
            String options = "fd=" + fd + ",rootmode=" + DIRECTORY_MODE + ",user_id=0,group_id=0";
            long result = Syscall.call(
                    Syscall.MOUNT,
                    arena.allocateFrom("ham").address(),
                    arena.allocateFrom(place.toString()).address(),
                    arena.allocateFrom(TYPE).address(),
                    MOUNT_FLAGS,
                    arena.allocateFrom(options).address(),
                    0);
            if (result < 0) {
                Syscall.close(fd);
                throw Errno.failure("cannot mount on " + place, result);
            }
            return fd;
        }
    }

    private static int open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(DEVICE);
            long fd = Syscall.call(Syscall.OPENAT, Syscall.AT_FDCWD, path.address(), READ_WRITE | Syscall.O_CLOEXEC, 0);
            if (fd < 0) {
                throw Errno.failure("cannot open " + DEVICE, fd);
            }
            return (int) fd;
        }
    }

    private int mountByHelper(Path place) {
        return helper.run("-o", "ro,nosuid,nodev,noexec,fsname=ham,subtype=ham", "--", place.toString())
                .orElseThrow(() -> new LinuxException(
                        "cannot mount on " + place
                                + ": fusermount3 refused it; run it by hand to see why (it needs read and write rights"
                                + " on /dev/fuse)",
                        Errno.EPERM));
    }

    @Override
    public boolean isMounted(Path directory) {
        return isOurs(canonical(directory));
    }

    private static boolean isOurs(Path place) {
        return MountTable.typeAt(place).filter(TYPE::equals).isPresent();
    }

    @Override
    public void detach(Path directory) {
        Path place = canonical(directory);
        for (int i = 0; i < MOST_LAYERS && isOurs(place); i++) {
            detachOne(place);
        }
    }

    private void detachOne(Path place) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(place.toString());
            long result = Syscall.call(Syscall.UMOUNT2, path.address(), DETACH | FOLLOW_NO_LINK);
            if (result == -Errno.EPERM) {
                helper.run("-u", "-z", "-q", "--", place.toString());
            } else if (result < 0) {
                throw Errno.failure("cannot detach " + place, result);
            }
        }
    }

    /** As the table of mounts has it. The place itself is not looked at: what is mounted there may be dead. */
    private static Path canonical(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        try {
            return parent == null || name == null
                    ? absolute
                    : parent.toRealPath().resolve(name);
        } catch (IOException e) {
            throw new LinuxException("there is no folder " + parent, Errno.ENOENT);
        }
    }

    /** A mounted file system. */
    private final class Mounted implements FuseMount {
        private final Path place;
        private final SocketEnd device;
        private final AtomicBoolean closed = new AtomicBoolean();

        Mounted(Path place, SocketEnd device) {
            this.place = place;
            this.device = device;
        }

        @Override
        public int read(byte[] request) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(request.length, 8);
                long count;
                do {
                    count = device.whenReadable(fd -> Syscall.call(Syscall.READ, fd, buffer.address(), request.length));
                    // Whoever asked gave up before the request was read.
                } while (count == -Errno.ENOENT);
                if (count == -Errno.ENODEV || count == -Errno.EBADF || count == -Errno.EINTR) {
                    return -1;
                }
                if (count < 0) {
                    throw Errno.failure("cannot read requests for " + place, count);
                }
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, request, 0, (int) count);
                return (int) count;
            }
        }

        @Override
        public void write(byte[] reply, int length) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(length, 8);
                MemorySegment.copy(reply, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
                long count = device.whenWritable(fd -> Syscall.call(Syscall.WRITE, fd, buffer.address(), length));
                if (count < 0 && count != -Errno.ENOENT && count != -Errno.ENODEV && count != -Errno.EBADF) {
                    throw Errno.failure("cannot answer a request for " + place, count);
                }
            }
        }

        @Override
        public void close() {
            // Once: later somebody else may have mounted there.
            if (closed.getAndSet(true)) {
                return;
            }
            try {
                detach(place);
            } finally {
                device.close();
            }
        }
    }
}
