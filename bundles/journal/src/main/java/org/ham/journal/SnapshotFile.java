package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A snapshot as it lies on the disk: its {@linkplain SnapshotHead head}, the state, a checksum. Immutable. */
record SnapshotFile(String bootId, Snapshot snapshot) {
    /** Writes the file and makes the disk keep it; it is whole afterwards or this throws. */
    void write(Disk disk, Path path) throws IOException {
        var state = snapshot.state().getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(SnapshotHead.BYTES + state.length + SnapshotHead.CHECKSUM);
        new SnapshotHead(bootId, snapshot.seq(), snapshot.epoch(), state.length).put(bytes);
        bytes.put(state);
        bytes.putInt(SegmentHeader.crc(bytes.array(), bytes.position())).flip();
        try (var file = disk.create(path)) {
            file.writeFully(bytes, 0);
            file.force();
        }
    }

    static SnapshotFile read(Disk disk, Path path) throws IOException, BadFileException {
        try (var file = disk.open(path, false)) {
            var head = SnapshotHead.read(file);
            var end = SnapshotHead.BYTES + head.length();
            var size = end + SnapshotHead.CHECKSUM;
            var bytes = SnapshotHead.filled(file, ByteBuffer.allocate(size), 0, size);
            if (bytes.getInt(end) != SegmentHeader.crc(bytes.array(), end)) {
                throw new BadFileException("its checksum is wrong");
            }
            var state = new String(bytes.array(), SnapshotHead.BYTES, head.length(), StandardCharsets.UTF_8);
            return new SnapshotFile(head.bootId(), new Snapshot(head.seq(), head.epoch(), state));
        }
    }
}
