package org.ham.view;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/** An answer being written: {@code fuse_out_header} and what follows it. Confined to one thread. */
final class Reply {
    private static final int HEADER = 16;
    private static final int BLOCK = 512;
    private static final int FOLDER_MODE = 040500;
    private static final int FILE_MODE = 0100400;
    private static final int UNIQUE = 8;

    private final byte[] bytes;
    private final ByteBuffer buffer;

    Reply(int size) {
        bytes = new byte[size];
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    byte[] bytes() {
        return bytes;
    }

    Reply begin(long unique) {
        buffer.clear().position(HEADER);
        buffer.putLong(UNIQUE, unique);
        return this;
    }

    /** Ends it with an error number, 0 for none, and tells its length; an error has nothing but the header. */
    int end(int errno) {
        var length = errno == 0 ? buffer.position() : HEADER;
        buffer.putInt(0, length).putInt(4, -errno);
        return length;
    }

    Reply put(int value) {
        buffer.putInt(value);
        return this;
    }

    Reply put(short value) {
        buffer.putShort(value);
        return this;
    }

    Reply put(long value) {
        buffer.putLong(value);
        return this;
    }

    Reply put(byte[] source, int offset, int length) {
        buffer.put(source, offset, length);
        return this;
    }

    Reply zeros(int count) {
        for (var i = 0; i < count; i++) {
            buffer.put((byte) 0);
        }
        return this;
    }

    /** How many more bytes there is room for. */
    int room() {
        return buffer.remaining();
    }

    int length() {
        return buffer.position();
    }

    /** {@code fuse_attr}. */
    Reply attributes(Place place, boolean folder, long size, Instant since, Owner owner) {
        put(place.inode()).put(size).put((size + BLOCK - 1) / BLOCK);
        for (var i = 0; i < 3; i++) {
            put(since.getEpochSecond());
        }
        for (var i = 0; i < 3; i++) {
            put(since.getNano());
        }
        put(folder ? FOLDER_MODE : FILE_MODE).put(folder ? 2 : 1);
        return put(owner.uid()).put(owner.gid()).put(0).put(BLOCK).put(0);
    }

    /** A {@code fuse_dirent}; false when there is no room for it. */
    boolean entry(Place place, byte[] name, boolean folder, long next, int end) {
        var padding = -name.length & 7;
        if (buffer.position() + 24 + name.length + padding > end) {
            return false;
        }
        put(place.inode()).put(next).put(name.length).put(folder ? 4 : 8);
        put(name, 0, name.length).zeros(padding);
        return true;
    }
}
