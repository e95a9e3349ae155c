package org.ham.recovery;

import java.nio.ByteBuffer;

/** The last bytes of a stream, as many as there is room for, by their place in it. Not thread-safe. */
final class ReplayBuffer {
    private final byte[] ring;
    private long end;

    ReplayBuffer(int capacity) {
        this.ring = new byte[capacity];
    }

    /** How many bytes the stream has had. */
    long end() {
        return end;
    }

    /** The first byte that is still there. */
    long start() {
        return Math.max(0, end - ring.length);
    }

    /** Takes what the buffer has, without moving it on. */
    void add(ByteBuffer bytes) {
        var view = bytes.duplicate();
        var lost = Math.max(0, view.remaining() - ring.length);
        view.position(view.position() + lost);
        end += lost;
        while (view.hasRemaining()) {
            var at = (int) (end % ring.length);
            var count = Math.min(view.remaining(), ring.length - at);
            view.get(ring, at, count);
            end += count;
        }
    }

    /** A copy of all from a place on, which must still be there. */
    ByteBuffer from(long place) {
        var copy = ByteBuffer.allocate((int) (end - place));
        for (var next = place; next < end; ) {
            var at = (int) (next % ring.length);
            var count = (int) Math.min(end - next, ring.length - at);
            copy.put(ring, at, count);
            next += count;
        }
        return copy.flip();
    }
}
