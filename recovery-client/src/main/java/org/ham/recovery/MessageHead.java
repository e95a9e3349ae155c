package org.ham.recovery;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The beginning of the message that is under way in one direction. Not thread-safe. */
final class MessageHead {
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private boolean empty = true;
    private boolean cut;

    boolean isEmpty() {
        return empty;
    }

    /** Whether there is more of it than was asked for. */
    boolean isCut() {
        return cut;
    }

    /** Keeps as many of its first bytes as asked for. */
    boolean ends(Boundary boundary, ByteBuffer from, int most) {
        var start = from.position();
        var ends = boundary.ends(from);
        var taken = from.position() - start;
        var room = Math.min(taken, most - bytes.length);
        if (room > 0) {
            bytes = Arrays.copyOf(bytes, bytes.length + room);
            from.get(start, bytes, bytes.length - room, room);
        }
        empty &= taken == 0;
        cut |= taken > room;
        return ends;
    }

    byte[] take() {
        var all = bytes;
        bytes = NOTHING;
        empty = true;
        cut = false;
        return all;
    }
}
