package org.ham.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.ham.api.Event;

/**
 * Reads frames from a file that may be written at the same time. Nothing of a frame that was not whole is kept: the
 * writer may have cut it off and written another in its place. Not thread-safe.
 *
 * <p>A frame is: length (4 bytes) of what follows the checksum, checksum (4, CRC-32C of it), version (1), number of the
 * first line (8), how many line numbers it spans (4), epoch (8), the lines. So a reader that does not know the version
 * still knows which lines it leaves out.
 */
final class Frames {
    /** What stands at a place of a file. */
    enum Found {
        /** A whole frame with the right checksum. */
        WHOLE,
        /** The end of the file. */
        END,
        /** The beginning of something longer than the file. */
        INCOMPLETE,
        /** Something else. */
        BAD
    }

    static final byte VERSION = 1;
    static final int PREFIX = 8;
    static final int HEADER = PREFIX + 21;
    static final int LONGEST = 64 << 20;

    private static final int CHUNK = 64 << 10;

    /** How far numbers can jump where something was damaged; sorts out chance finds before the checksum is computed. */
    private static final long FARTHEST = 1L << 32;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[CHUNK];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private long start;
    private int length;
    private int frame;

    /** Forgets what was read ahead. */
    void forget() {
        length = 0;
    }

    /** Looks at a place; after {@link Found#WHOLE} the accessors below speak of that frame. */
    Found at(Disk.File file, long offset) throws IOException {
        var fresh = offset < start || offset >= start + length;
        if (fresh) {
            fill(file, offset, PREFIX);
        }
        while (true) {
            frame = (int) (offset - start);
            var found = look(file, fresh);
            if (found == Found.WHOLE || fresh) {
                return found;
            }
            fresh = true;
            fill(file, offset, PREFIX);
        }
    }

    private Found look(Disk.File file, boolean fresh) throws IOException {
        if (length - frame < PREFIX) {
            return length == frame ? Found.END : Found.INCOMPLETE;
        }
        var size = view.getInt(frame);
        if (size < HEADER - PREFIX || size > LONGEST) {
            return Found.BAD;
        }
        if (fresh && length - frame < PREFIX + size) {
            if (start + frame + PREFIX + size > file.size()) {
                return Found.INCOMPLETE;
            }
            fill(file, start + frame, PREFIX + size);
            frame = 0;
        }
        if (length - frame < PREFIX + size) {
            return Found.INCOMPLETE;
        }
        return isRight(size) ? Found.WHOLE : Found.BAD;
    }

    private boolean isRight(int size) {
        // Another process may have written between the two reads: the length must still be the one the bytes are for.
        if (view.getInt(frame) != size || firstSeq() < 1 || span() < 1 || epoch() < 0) {
            return false;
        }
        crc.reset();
        crc.update(bytes, frame + PREFIX, size);
        return (int) crc.getValue() == view.getInt(frame + 4);
    }

    /**
     * The next whole frame after a damaged place; -1 when there is none.
     *
     * @param beyond numbers must be higher than this
     */
    long search(Disk.File file, long offset, long beyond, long atLeastEpoch) throws IOException {
        var size = file.size();
        if (size - offset > Integer.MAX_VALUE - CHUNK || size - offset < HEADER) {
            return -1;
        }
        fill(file, offset, (int) (size - offset));
        for (frame = 1; frame <= length - HEADER; frame++) {
            var body = view.getInt(frame);
            if (body >= HEADER - PREFIX
                    && body <= length - frame - PREFIX
                    && firstSeq() > beyond
                    && firstSeq() - beyond < FARTHEST
                    && epoch() >= atLeastEpoch
                    && isRight(body)) {
                return start + frame;
            }
        }
        return -1;
    }

    private void fill(Disk.File file, long offset, int least) throws IOException {
        if (bytes.length < least || (bytes.length > CHUNK && least <= CHUNK)) {
            bytes = new byte[Math.max(CHUNK, least)];
            view = ByteBuffer.wrap(bytes);
        }
        start = offset;
        length = 0;
        while (true) {
            // At most so much at once: the JDK keeps a buffer of that size for each thread that reads.
            view.limit(Math.min(length + CHUNK, bytes.length)).position(length);
            var count = view.hasRemaining() ? file.read(view, offset + length) : -1;
            view.clear();
            if (count <= 0) {
                return;
            }
            length += count;
            if (length >= least) {
                return;
            }
        }
    }

    /** How many bytes the frame has. */
    int size() {
        return PREFIX + view.getInt(frame);
    }

    int version() {
        return view.get(frame + 8);
    }

    long firstSeq() {
        return view.getLong(frame + 9);
    }

    long lastSeq() {
        return firstSeq() + span() - 1;
    }

    private int span() {
        return view.getInt(frame + 17);
    }

    long epoch() {
        return view.getLong(frame + 21);
    }

    /**
     * The events of the frame.
     *
     * @throws org.ham.api.HamException when a line is none
     * @throws BadFileException when the lines are not those that the frame says
     */
    List<Event> events() throws BadFileException {
        var events = new ArrayList<Event>();
        var end = frame + size();
        for (var from = frame + HEADER; from < end; ) {
            var to = from;
            while (to < end && bytes[to] != '\n') {
                to++;
            }
            events.add(EventJson.read(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
            from = to + 1;
        }
        if (!fits(events)) {
            throw new BadFileException("its lines are not those it announces");
        }
        return events;
    }

    private boolean fits(List<Event> events) {
        if (events.size() == 1 && events.getFirst().type().equals(Journal.LOST)) {
            return events.getFirst().seq() == lastSeq() && events.getFirst().epoch() == epoch();
        }
        if (events.size() != span()) {
            return false;
        }
        for (var i = 0; i < events.size(); i++) {
            if (events.get(i).seq() != firstSeq() + i || events.get(i).epoch() != epoch()) {
                return false;
            }
        }
        return true;
    }
}
