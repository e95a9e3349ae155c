package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;

/**
 * Reads and writes memory of this process by way of the kernel, which answers {@code EFAULT} where the processor would
 * raise a fault. Confined to one thread.
 */
final class OwnMemory implements AutoCloseable {
    private static final int TRIES = 4;
    private static final long SELF = ProcessHandle.current().pid();

    private static final boolean AVAILABLE = isAvailable();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment values = arena.allocate(16, 8);

    /** Whether this process may use these calls; some containers forbid them. */
    static boolean available() {
        return AVAILABLE;
    }

    private static boolean isAvailable() {
        try (OwnMemory own = new OwnMemory()) {
            return own.read(own.values.address()).isPresent();
        }
    }

    /** The kernel copies bytes, so a value that is being written is read twice until both are equal. */
    OptionalLong read(long address) {
        MemorySegment local = vector(values.address(), 16, 1);
        MemorySegment remote = vector(address, 8, 2);
        for (int i = 0; i < TRIES; i++) {
            long count = Syscall.call(Syscall.PROCESS_VM_READV, SELF, local.address(), 1, remote.address(), 2, 0);
            if (count != 16) {
                return OptionalLong.empty();
            }
            if (values.get(ValueLayout.JAVA_LONG, 0) == values.get(ValueLayout.JAVA_LONG, 8)) {
                break;
            }
        }
        return OptionalLong.of(values.get(ValueLayout.JAVA_LONG, 8));
    }

    /** The same for several values one behind the other. */
    boolean read(long address, long[] into) {
        long size = 8L * into.length;
        MemorySegment twice = arena.allocate(2 * size, 8);
        MemorySegment local = vector(twice.address(), 2 * size, 1);
        MemorySegment remote = vector(address, size, 2);
        for (int i = 0; i < TRIES; i++) {
            long count = Syscall.call(Syscall.PROCESS_VM_READV, SELF, local.address(), 1, remote.address(), 2, 0);
            if (count != 2 * size) {
                return false;
            }
            if (twice.asSlice(0, size).mismatch(twice.asSlice(size)) < 0) {
                break;
            }
        }
        MemorySegment.copy(twice, ValueLayout.JAVA_LONG, size, into, 0, into.length);
        return true;
    }

    boolean write(long address, long value) {
        values.set(ValueLayout.JAVA_LONG, 0, value);
        MemorySegment local = vector(values.address(), 8, 1);
        MemorySegment remote = vector(address, 8, 1);
        return Syscall.call(Syscall.PROCESS_VM_WRITEV, SELF, local.address(), 1, remote.address(), 1, 0) == 8;
    }

    /** As many {@code struct iovec} of the same place. */
    private MemorySegment vector(long address, long size, int count) {
        MemorySegment vector = arena.allocate(16L * count, 8);
        for (int i = 0; i < count; i++) {
            vector.set(ValueLayout.JAVA_LONG, 16L * i, address);
            vector.set(ValueLayout.JAVA_LONG, 16L * i + 8, size);
        }
        return vector;
    }

    @Override
    public void close() {
        arena.close();
    }
}
