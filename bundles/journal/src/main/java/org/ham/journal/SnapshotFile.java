package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A snapshot as it lies on the disk: magic, format version, line, epoch, boot id, length, state, checksum. Immutable. */
record SnapshotFile(String bootId, Snapshot snapshot) {
    private static final int HEADER = 8 + 4 + 8 + 8 + 4 + SegmentHeader.BOOT_ID_LONGEST + 4;
    private static final int VERSION = 1;

    /** "HAMSNAP\n". */
    private static final long MAGIC = 0x48414d534e41500aL;

    /** Writes the file and makes the disk keep it; it is whole afterwards or this throws. */
    void write(Disk disk, Path path) throws IOException {
        var state = snapshot.state().getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(HEADER + state.length + 4);
        bytes.putLong(MAGIC).putInt(VERSION).putLong(snapshot.seq()).putLong(snapshot.epoch());
        SegmentHeader.putBootId(bytes, bootId);
        bytes.putInt(state.length).put(state);
        bytes.putInt(SegmentHeader.crc(bytes.array(), bytes.position())).flip();
        try (var file = disk.create(path)) {
            file.writeFully(bytes, 0);
            file.force();
        }
    }

    static SnapshotFile read(Disk disk, Path path) throws IOException, BadFileException {
        try (var file = disk.open(path, false)) {
            var size = file.size();
            if (size < HEADER + 4) {
                throw new BadFileException("it is cut off");
            }
            if (size > Integer.MAX_VALUE - 16) {
                throw new BadFileException("it is too long");
            }
            var bytes = ByteBuffer.allocate((int) size);
            file.readFully(bytes, 0);
            if (bytes.hasRemaining()) {
                throw new BadFileException("it became shorter while it was read");
            }
            return parse(bytes.array());
        }
    }

    private static SnapshotFile parse(byte[] content) throws BadFileException {
        var bytes = ByteBuffer.wrap(content);
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
        if (length != content.length - HEADER - 4) {
            throw new BadFileException("it is cut off");
        }
        var state = new String(content, HEADER, length, StandardCharsets.UTF_8);
        if (bytes.getInt(HEADER + length) != SegmentHeader.crc(content, HEADER + length)) {
            throw new BadFileException("its checksum is wrong");
        }
        return new SnapshotFile(bootId, new Snapshot(seq, epoch, state));
    }
}
