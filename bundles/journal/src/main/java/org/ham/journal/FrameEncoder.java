package org.ham.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.ham.api.Event;

/** Writes a batch as one frame into an array that is used again and again. Not thread-safe. */
final class FrameEncoder {
    private final EventEncoder encoder = new EventEncoder();
    private final CRC32C crc = new CRC32C();

    /** Makes a frame for lines from a number on; it is in {@link #array} up to {@link #length}. */
    void encode(long firstSeq, List<Event> events) {
        var sink = encoder.sink;
        sink.reset(Frames.HEADER);
        for (var i = 0; i < events.size(); i++) {
            encoder.write(events.get(i));
            sink.raw('\n');
        }
        var last = events.getLast();
        var length = sink.length() - Frames.PREFIX;
        if (length > Frames.LONGEST) {
            throw new IllegalArgumentException("a batch of " + length + " bytes, the most is " + Frames.LONGEST);
        }
        var header = ByteBuffer.wrap(sink.array(), 0, Frames.HEADER);
        header.putInt(length).putInt(0).put(Frames.VERSION).putLong(firstSeq);
        header.putInt((int) (last.seq() - firstSeq + 1)).putLong(last.epoch());
        crc.reset();
        crc.update(sink.array(), Frames.PREFIX, length);
        header.putInt(4, (int) crc.getValue());
    }

    byte[] array() {
        return encoder.sink.array();
    }

    int length() {
        return encoder.sink.length();
    }
}
