package org.ham.journal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A page that all processes of the journal share: who may write, and whether the files have changed. Looking at it costs
 * no system call, so a writer looks before each append and a reader each time it finds nothing. Thread-safe.
 */
final class EpochPage {
    static final String NAME = "epoch";

    private static final int BYTES = 64;

    /** "HAMEPOC1". */
    private static final long MAGIC = 0x48414d45504f4331L;

    private static final int BOOT = 8;
    private static final int EPOCH = 16;
    private static final int OWNER = 24;
    private static final int GENERATION = 32;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final ByteBuffer page;

    private EpochPage(ByteBuffer page) {
        this.page = page;
    }

    /** The page that is there; empty when there is none that can be used. */
    static Optional<EpochPage> open(Disk disk, Path dir, boolean writable) throws IOException {
        var path = dir.resolve(NAME);
        if (!disk.exists(path)) {
            return Optional.empty();
        }
        try (var file = disk.open(path, false)) {
            // Touching a page beyond the end of its file would be a fault, not an exception.
            if (file.size() < BYTES) {
                return Optional.empty();
            }
        }
        var page = disk.map(path, BYTES, writable);
        return page.getLong(0) == MAGIC ? Optional.of(new EpochPage(page)) : Optional.empty();
    }

    /** The page that is there, or else a new one. */
    static EpochPage openOrCreate(Disk disk, Path dir, String bootId) throws IOException {
        var there = open(disk, dir, true);
        if (there.isPresent()) {
            return there.get();
        }
        var bytes = ByteBuffer.allocate(BYTES).putLong(0, MAGIC).putLong(BOOT, hash(bootId));
        var fresh = dir.resolve(NAME + ".tmp");
        try (var file = disk.create(fresh)) {
            // Written, not just mapped: on a full disk this fails here, with an exception.
            file.writeFully(bytes, 0);
        }
        disk.rename(fresh, dir.resolve(NAME));
        return open(disk, dir, true).orElseThrow(() -> new IOException("the page " + NAME + " cannot be read back"));
    }

    /** The highest epoch of a writer in this boot, 0 when there was none. */
    long epoch(String bootId) {
        return get(BOOT) == hash(bootId) ? get(EPOCH) : 0;
    }

    /** Shuts out all other writers and returns the new one's mark. */
    long claim(String bootId, long epoch) {
        var owner = (long) LONG.getAndAdd(page, OWNER, 1L) + 1;
        set(BOOT, hash(bootId));
        set(EPOCH, epoch);
        changed();
        return owner;
    }

    /** The mark of the writer that may write. */
    long owner() {
        return get(OWNER);
    }

    /** A number that changes when files came, went or were replaced. */
    long generation() {
        return get(GENERATION);
    }

    /** Tells all readers to look at the files. */
    void changed() {
        var _ = (long) LONG.getAndAdd(page, GENERATION, 1L);
    }

    private long get(int at) {
        return (long) LONG.getVolatile(page, at);
    }

    private void set(int at, long value) {
        LONG.setVolatile(page, at, value);
    }

    private static long hash(String bootId) {
        var bytes = bootId.getBytes(StandardCharsets.UTF_8);
        return SegmentHeader.crc(bytes, bytes.length) & 0xffffffffL;
    }
}
