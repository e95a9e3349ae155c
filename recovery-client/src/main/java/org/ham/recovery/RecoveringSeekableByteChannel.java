package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.RecoveryException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A byte channel with a position, of any provider, that comes back when what serves it is restarted; apart from that what it covers.
 * Thread-safe. For files there is {@link RecoveringFileChannel}, which can do more.
 *
 * <p>The position is kept here and set on what is opened later. Reads, sizes and truncations are at least once, writes as the program
 * says: where they go to the position, twice comes to the same.
 */
public final class RecoveringSeekableByteChannel implements SeekableByteChannel {
    private final Connection<SeekableByteChannel> connection;
    private final Replay writes;

    /** Held for each operation, as what is covered carries them out one after the other. */
    private final ReentrantLock moving = new ReentrantLock();

    private long position;
    private @Nullable SeekableByteChannel placed;

    private RecoveringSeekableByteChannel(
            Connection<SeekableByteChannel> connection, Replay writes, SeekableByteChannel placed, long position) {
        this.connection = connection;
        this.writes = writes;
        this.placed = placed;
        this.position = position;
    }

    /**
     * Opens a target.
     *
     * @param writes at most once for a channel that appends
     */
    public static RecoveringSeekableByteChannel open(
            Target<SeekableByteChannel> target, Replay writes, Recovery<SeekableByteChannel> recovery)
            throws IOException {
        requireNonNull(writes, "writes");
        var connection = Connection.open(target, recovery);
        try {
            var opened = connection.resource();
            return new RecoveringSeekableByteChannel(connection, writes, opened, opened.position());
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<SeekableByteChannel> connection() {
        return connection;
    }

    private <T> T call(Replay replay, Operation<SeekableByteChannel, T> operation) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        moving.lock();
        try {
            return connection.call(replay, channel -> {
                if (channel != placed) {
                    channel.position(position);
                    placed = channel;
                }
                var result = operation.on(channel);
                position = channel.position();
                return result;
            });
        } catch (RecoveryException e) {
            throw e.code() == Code.CLOSED ? new AsynchronousCloseException() : e;
        } finally {
            moving.unlock();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        var start = to.position();
        return call(Replay.AT_LEAST_ONCE, channel -> channel.read(to.position(start)));
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        var start = from.position();
        return call(writes, channel -> channel.write(from.position(start)));
    }

    @Override
    public long position() throws IOException {
        return call(Replay.AT_LEAST_ONCE, SeekableByteChannel::position);
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
        call(Replay.AT_LEAST_ONCE, channel -> channel.position(to));
        return this;
    }

    @Override
    public long size() throws IOException {
        return call(Replay.AT_LEAST_ONCE, SeekableByteChannel::size);
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        call(Replay.AT_LEAST_ONCE, channel -> channel.truncate(size));
        return this;
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
