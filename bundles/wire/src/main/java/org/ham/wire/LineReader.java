package org.ham.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what comes in into lines. While nothing comes it holds a small buffer only, because there may be thousands of it.
 * Confined to one thread.
 */
public final class LineReader {
    private static final int SMALL = 512;

    private final InputStream in;
    private final int most;
    private final Budget memory;
    private byte[] buffer = new byte[SMALL];
    private int from;
    private int to;

    /**
     * @param in not buffered
     * @param most the longest line, in bytes
     * @param memory where it takes more from for a longer line
     */
    public LineReader(InputStream in, int most, Budget memory) {
        this.in = in;
        this.most = most;
        this.memory = memory;
    }

    /**
     * The next line, without its end; empty when no whole one comes any more.
     *
     * @throws BadMessageException when it is too long
     */
    public Optional<byte[]> next() throws IOException, BadMessageException {
        var looked = from;
        while (true) {
            for (var i = looked; i < to; i++) {
                if (buffer[i] == '\n') {
                    return Optional.of(cut(i));
                }
            }
            if (to - from > most) {
                throw new BadMessageException(
                        Fault.NO_MESSAGE, "a line may have " + most + " bytes, this one has more");
            }
            room();
            looked = to;
            var count = in.read(buffer, to, buffer.length - to);
            if (count <= 0) {
                return Optional.empty();
            }
            to += count;
        }
    }

    /** Whether a line has begun to come. */
    public boolean begun() {
        return from < to;
    }

    private byte[] cut(int end) {
        var line = Arrays.copyOfRange(buffer, from, end);
        from = end + 1;
        if (from == to) {
            shrink();
        }
        return line;
    }

    private void shrink() {
        from = 0;
        to = 0;
        if (buffer.length > SMALL) {
            memory.take(SMALL - buffer.length);
            buffer = new byte[SMALL];
        }
    }

    /** Makes place for more, first where lines were taken. */
    private void room() throws BadMessageException {
        if (to < buffer.length) {
            return;
        }
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            return;
        }
        var length = Math.min(buffer.length * 2, most + 1 + SMALL);
        if (!memory.take(length - buffer.length)) {
            throw new BadMessageException(Fault.NO_MESSAGE, "there is no memory left for a line of this length");
        }
        buffer = Arrays.copyOf(buffer, length);
    }

    /** Gives back what the buffer took. */
    public void close() {
        shrink();
    }
}
