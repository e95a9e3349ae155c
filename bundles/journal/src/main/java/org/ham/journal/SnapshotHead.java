package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first bytes of a snapshot: magic, format version, line, epoch, boot id, length of the state. Who takes over needs no more of
 * a snapshot than these, as it has the state already; that of ten thousand entities is seven megabytes. Immutable.
 */
record SnapshotHead(String bootId, long seq, long epoch, int length) {
    static final int BYTES = 8 + 4 + 8 + 8 + 4 + SegmentHeader.BOOT_ID_LONGEST + 4;

    /** The checksum comes after the state. */
    static final int CHECKSUM = 4;

    private static final int VERSION = 1;
    private static final int PIECE = 64 << 10;

    /** "HAMSNAP\n". */
    private static final long MAGIC = 0x48414d534e41500aL;

    void put(ByteBuffer bytes) {
        bytes.putLong(MAGIC).putInt(VERSION).putLong(seq).putLong(epoch);
        SegmentHeader.putBootId(bytes, bootId);
        bytes.putInt(length);
    }

    /** Reads it; what comes after it may be damaged. */
    static SnapshotHead read(Disk disk, Path path) throws IOException, BadFileException {
        try (var file = disk.open(path, false)) {
            return read(file);
        }
    }

    /** Reads it, and all the rest to see that nothing is damaged. */
    static SnapshotHead proven(Disk disk, Path path) throws IOException, BadFileException {
        try (var file = disk.open(path, false)) {
            var head = read(file);
            var crc = new CRC32C();
            var piece = ByteBuffer.allocate(PIECE);
            var end = (long) BYTES + head.length;
            for (var at = 0L; at < end; at += piece.limit()) {
                crc.update(filled(file, piece, at, end));
            }
            if (filled(file, piece, end, end + CHECKSUM).getInt() != (int) crc.getValue()) {
                throw new BadFileException("its checksum is wrong");
            }
            return head;
        }
    }

    static SnapshotHead read(Disk.File file) throws IOException, BadFileException {
        var size = file.size();
        if (size < BYTES + CHECKSUM) {
            throw new BadFileException("it is cut off");
        }
        if (size > Integer.MAX_VALUE - 16) {
            throw new BadFileException("it is too long");
        }
        var bytes = filled(file, ByteBuffer.allocate(BYTES), 0, BYTES);
        if (bytes.getLong() != MAGIC) {
            throw new BadFileException("it does not begin like a snapshot");
        }
        var version = bytes.getInt();
        if (version > VERSION) {
            throw new BadFileException("it has format version " + version + ", this HAM knows " + VERSION);
        }
        var seq = bytes.getLong();
        var epoch = bytes.getLong();
        var bootId = SegmentHeader.getBootId(bytes);
        var length = bytes.getInt();
        if (length != size - BYTES - CHECKSUM) {
            throw new BadFileException("it is cut off");
        }
        return new SnapshotHead(bootId, seq, epoch, length);
    }

    /** What stands between two places, or as much of it as there is room for. */
    static ByteBuffer filled(Disk.File file, ByteBuffer bytes, long from, long to)
            throws IOException, BadFileException {
        bytes.clear().limit((int) Math.min(bytes.capacity(), to - from));
        file.readFully(bytes, from);
        if (bytes.hasRemaining()) {
            throw new BadFileException("it became shorter while it was read");
        }
        return bytes.flip();
    }
}
