package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment: magic, format version, number of its first line, epoch of its writer, boot id, checksum.
 * A segment gets its name only when its header is whole. Immutable.
 */
record SegmentHeader(long firstSeq, long epoch, String bootId) {
    static final int BOOT_ID_LONGEST = 64;
    static final int BYTES = 8 + 4 + 8 + 8 + 4 + BOOT_ID_LONGEST + 4;
    static final int VERSION = 1;

    /** "HAMJRNL\n". */
    private static final long MAGIC = 0x48414d4a524e4c0aL;

    ByteBuffer encode() {
        var bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(VERSION).putLong(firstSeq).putLong(epoch);
        putBootId(bytes, bootId);
        return bytes.putInt(crc(bytes.array(), bytes.position())).flip();
    }

    static SegmentHeader read(Disk.File file) throws IOException, BadFileException {
        var bytes = ByteBuffer.allocate(BYTES);
        file.readFully(bytes, 0);
        bytes.flip();
        if (bytes.remaining() < 8 || bytes.getLong() != MAGIC) {
            throw new BadFileException(
                    bytes.limit() < BYTES ? "its header is cut off" : "it does not begin like a file of the journal");
        }
        if (bytes.limit() < BYTES) {
            throw new BadFileException("its header is cut off");
        }
        var version = bytes.getInt();
        if (version > VERSION) {
            throw new BadFileException(
                    "it has format version " + version + ", this HAM knows " + VERSION + "; read it with a newer HAM");
        }
        var firstSeq = bytes.getLong();
        var epoch = bytes.getLong();
        var bootId = getBootId(bytes);
        if (bytes.getInt() != crc(bytes.array(), BYTES - 4)) {
            throw new BadFileException("the checksum of its header is wrong");
        }
        return new SegmentHeader(firstSeq, epoch, bootId);
    }

    static void putBootId(ByteBuffer bytes, String bootId) {
        var id = bootId.getBytes(StandardCharsets.US_ASCII);
        bytes.putInt(id.length).put(id).position(bytes.position() + BOOT_ID_LONGEST - id.length);
    }

    static String getBootId(ByteBuffer bytes) throws BadFileException {
        var length = bytes.getInt();
        if (length < 0 || length > BOOT_ID_LONGEST) {
            throw new BadFileException("its boot id is damaged");
        }
        var id = new byte[BOOT_ID_LONGEST];
        bytes.get(id);
        return new String(id, 0, length, StandardCharsets.US_ASCII);
    }

    static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
