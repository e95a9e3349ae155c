package org.ham.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A file that several processes have mapped, read and written as longs of the machine's byte order at offsets that are
 * multiples of 8. Thread-safe.
 *
 * <p>Whoever may write the file may also cut it short. Touching what is missing then ends in an {@link InternalError}, some
 * time later and somewhere else in the thread: of a page that another user can open, use {@link #tryRead} and {@link
 * #tryWrite} only, which ask the kernel.
 */
public final class SharedPage implements AutoCloseable {
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private SharedPage(FileChannel channel, int size) throws IOException {
        try {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private SharedPage(int size) {
        memory = arena.allocate(size, 8);
    }

    /**
     * Makes a file of zeros with mode 0600 and maps it. It takes its place in one step, whatever was there.
     *
     * @param size bytes, a multiple of 8
     * @param uid its owner; another than this process's only as root
     * @param gid its group
     * @param fill writes what belongs into it before anybody can find it
     * @throws LinuxException when that is not possible: on a full disk here, not at the first write
     */
    public static SharedPage create(Path file, int size, long uid, long gid, Consumer<SharedPage> fill) {
        return create(file, size, fresh -> FileOwner.change(fresh, uid, gid), fill);
    }

    /** The same for a page of this process's own user and group. */
    public static SharedPage create(Path file, int size, Consumer<SharedPage> fill) {
        return create(file, size, fresh -> {}, fill);
    }

    private static SharedPage create(Path file, int size, Consumer<Path> give, Consumer<SharedPage> fill) {
        Path fresh = file.resolveSibling("." + UUID.randomUUID().toString().substring(0, 8));
        try {
            write(fresh, size);
            give.accept(fresh);
            SharedPage page = map(fresh, size);
            try {
                fill.accept(page);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                return page;
            } catch (IOException | RuntimeException e) {
                page.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LinuxException("cannot make the page " + file + ": " + e.getMessage(), Errno.EIO);
        } finally {
            fresh.toFile().delete();
        }
    }

    /**
     * Maps a file that is there.
     *
     * @param size bytes, a multiple of 8
     * @throws LinuxException {@code ENOENT} when there is none, {@code EINVAL} when it is smaller or no plain file
     */
    public static SharedPage open(Path file, int size) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new LinuxException("there is no page " + file, Errno.ENOENT);
            }
            return map(file, size);
        } catch (IOException e) {
            throw new LinuxException("cannot map the page " + file + ": " + e.getMessage(), Errno.EIO);
        }
    }

    /** One without a file, which nobody shares: for tests. */
    public static SharedPage inMemory(int size) {
        return new SharedPage(size);
    }

    private static void write(Path file, int size) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), owner)) {
            // Written, so that the room is there: a hole on a full disk would be a fault, not an exception.
            ByteBuffer zeros = ByteBuffer.allocate(size);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }

    private static SharedPage map(Path file, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ, WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() < size) {
                throw new LinuxException(file + " is no page of " + size + " bytes", Errno.EINVAL);
            }
            return new SharedPage(channel, size);
        }
    }

    /** How many bytes it has. */
    public long size() {
        return memory.byteSize();
    }

    /** Reads; what its writer wrote before it can be seen by what is read later. */
    public long getAcquire(long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    /** Writes; whoever reads it can see what was written before. */
    public void setRelease(long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    /** Reads without any order towards other reads. */
    public long getOpaque(long offset) {
        return (long) LONG.getOpaque(memory, offset);
    }

    /** Writes without any order towards other writes. */
    public void setOpaque(long offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    /** Replaces a value if it still is the one expected, and tells whether it did. */
    public boolean compareAndSet(long offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    /**
     * Reads by a system call (about a microsecond); empty when the file was cut short. Where a container forbids {@code
     * process_vm_readv} it reads without.
     */
    public OptionalLong tryRead(long offset) {
        if (!OwnMemory.available()) {
            return OptionalLong.of(getAcquire(offset));
        }
        try (OwnMemory own = new OwnMemory()) {
            return own.read(address(offset));
        }
    }

    /**
     * Reads several longs, one behind the other, by one system call; false when the file was cut short. Each of them is whole.
     *
     * @param into is filled
     */
    public boolean tryRead(long offset, long[] into) {
        if (!OwnMemory.available()) {
            for (int i = 0; i < into.length; i++) {
                into[i] = getAcquire(offset + 8L * i);
            }
            return true;
        }
        try (OwnMemory own = new OwnMemory()) {
            return own.read(address(offset), into);
        }
    }

    /** Writes by a system call; false when the file was cut short. */
    public boolean tryWrite(long offset, long value) {
        if (!OwnMemory.available()) {
            setRelease(offset, value);
            return true;
        }
        try (OwnMemory own = new OwnMemory()) {
            return own.write(address(offset), value);
        }
    }

    private long address(long offset) {
        return memory.asSlice(offset, 8).address();
    }

    /** Where it is mapped. */
    MemorySegment memory() {
        return memory;
    }

    /** Unmaps it; later use is an {@link IllegalStateException}. The file stays. Without it the mapping stays for ever. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
