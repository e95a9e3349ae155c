package org.ham.recovery;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Takes a stream of MQTT apart into packets. Of a long one the beginning is kept. Not thread-safe. */
final class MqttPackets {
    static final int MOST = 1 << 16;

    private static final int MOST_LENGTH_BYTES = 4;
    private static final int REFUSED = 0x80;

    /**
     * One packet, or its beginning.
     *
     * @param bytes all of it, with its header
     * @param body where its body begins
     */
    record Packet(byte[] bytes, int body) {
        int type() {
            return Byte.toUnsignedInt(bytes[0]) >> 4;
        }

        int quality() {
            return (bytes[0] >> 1) & 3;
        }

        /** The number after so many bytes of its body; zero when there is none. */
        int number(int at) {
            var place = body + at;
            return place + 1 < bytes.length ? ByteBuffer.wrap(bytes).getShort(place) & 0xFFFF : 0;
        }

        /** Whether there was more of it than is kept. */
        boolean isCut() {
            return bytes.length >= MOST;
        }

        /** Of one that asks for a connection: 3 is 3.1, 4 is 3.1.1; a bridge adds a bit. */
        boolean isOfVersion3() {
            var level = body + 2 + number(0) < bytes.length ? bytes[body + 2 + number(0)] & 0x7F : 0;
            return level == 3 || level == 4;
        }

        /** Of one that answers that. */
        int returnCode() {
            return number(0) & 0xFF;
        }

        /** Of one that acknowledges subscriptions: how many it refuses. */
        long refused() {
            return IntStream.range(body + 2, bytes.length)
                    .filter(at -> bytes[at] == (byte) REFUSED)
                    .count();
        }

        /** The id of a message that is published, after its topic. */
        int idOfPublished() {
            return number(2 + number(0));
        }
    }

    private byte[] bytes = new byte[0];
    private int lengthBytes;
    private long left;
    private boolean inBody;
    private boolean malformed;

    boolean isEmpty() {
        return bytes.length == 0;
    }

    boolean isMalformed() {
        return malformed;
    }

    /** The next packet that is complete, or null when all bytes are taken. */
    @Nullable
    Packet next(ByteBuffer from) {
        while (from.hasRemaining() && !malformed) {
            if (inBody) {
                takeBody(from);
            } else {
                takeHeader(from.get());
            }
            if (inBody && left == 0) {
                return take();
            }
        }
        from.position(from.limit());
        return null;
    }

    private void takeHeader(byte next) {
        keep(new byte[] {next});
        if (bytes.length == 1) {
            return;
        }
        left |= (long) (next & 0x7F) << (7 * lengthBytes);
        lengthBytes++;
        inBody = next >= 0;
        malformed = !inBody && lengthBytes == MOST_LENGTH_BYTES;
    }

    private void takeBody(ByteBuffer from) {
        var some = new byte[(int) Math.min(left, from.remaining())];
        from.get(some);
        left -= some.length;
        keep(some);
    }

    private void keep(byte[] some) {
        var room = Math.min(some.length, MOST - bytes.length);
        if (room > 0) {
            bytes = Arrays.copyOf(bytes, bytes.length + room);
            System.arraycopy(some, 0, bytes, bytes.length - room, room);
        }
    }

    private Packet take() {
        var packet = new Packet(bytes, 1 + lengthBytes);
        bytes = new byte[0];
        lengthBytes = 0;
        left = 0;
        inBody = false;
        return packet;
    }
}
