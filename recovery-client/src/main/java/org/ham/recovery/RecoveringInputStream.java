package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An input stream of any kind that comes back where it was: what is opened again begins at the beginning, and what was read before is
 * skipped. Apart from that what it covers. Thread-safe: a second reader waits.
 */
final class RecoveringInputStream extends InputStream {
    private final Connection<InputStream> connection;
    private final ReentrantLock reading = new ReentrantLock();

    private long position;
    private @Nullable InputStream placed;
    private boolean isMarked;
    private long marked;

    /** None when it is not there any more, as what is lost is not. */
    private @Nullable InputStream markedOn;

    RecoveringInputStream(Connection<InputStream> connection) {
        this.connection = connection;
        this.placed = connection.resource();
    }

    private <T> T call(Operation<InputStream, T> operation) throws IOException {
        reading.lock();
        try {
            if (!connection.isOpen()) {
                // It says itself what is wrong with that.
                return operation.on(connection.resource());
            }
            return connection.call(Replay.AT_LEAST_ONCE, in -> {
                if (in != placed) {
                    in.skipNBytes(position);
                    placed = in;
                }
                return operation.on(in);
            });
        } finally {
            reading.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        return call(in -> {
            var next = in.read();
            position += next < 0 ? 0 : 1;
            return next;
        });
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        Objects.checkFromIndexSize(offset, most, to.length);
        return call(in -> {
            var count = in.read(to, offset, most);
            position += Math.max(count, 0);
            return count;
        });
    }

    @Override
    public long skip(long most) throws IOException {
        return call(in -> {
            var count = in.skip(most);
            position += count;
            return count;
        });
    }

    @Override
    public int available() throws IOException {
        return call(InputStream::available);
    }

    @Override
    public boolean markSupported() {
        return connection.resource().markSupported();
    }

    @Override
    public void mark(int limit) {
        reading.lock();
        try {
            isMarked = true;
            marked = position;
            // What another thread has opened again is not where this one is.
            var now = connection.resource();
            markedOn = now == placed ? now : null;
            if (markedOn != null) {
                markedOn.mark(limit);
            }
        } finally {
            reading.unlock();
        }
    }

    /** Where the mark went with what is lost, it is opened once more. */
    @Override
    public void reset() throws IOException {
        reading.lock();
        try {
            if (!isMarked || markedOn == connection.resource()) {
                connection.resource().reset();
            } else {
                placed = null;
                connection.reopen();
            }
            position = marked;
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
