package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ham.recovery.Line.Current;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket channel, TCP or unix, that comes back when its peer is restarted; apart from that what it covers. Thread-safe as
 * that is: one reader, one writer.
 *
 * <p>It is always blocking and connected. Options set through it are set again on what is opened later. Reads and writes are
 * judged by {@link StreamReplay}. An interrupted thread gets the exception of the channel; the next operation then starts with a
 * recovery.
 */
public final class RecoveringSocketChannel extends SocketChannel {
    private static final ByteBuffer[] NONE = {};

    private final Connection<SocketChannel> connection;
    private final StreamReplay replay;
    private final Map<SocketOption<?>, Object> options;
    private final Dialogue dialogue;

    private RecoveringSocketChannel(
            Connection<SocketChannel> connection, StreamReplay replay, Map<SocketOption<?>, Object> options) {
        super(connection.resource().provider());
        this.connection = connection;
        this.replay = replay;
        this.options = options;
        this.dialogue = new Dialogue(connection.name(), replay);
    }

    /** Connects to an address; an exception when that fails. */
    public static RecoveringSocketChannel open(
            SocketAddress address, StreamReplay replay, Recovery<SocketChannel> recovery) throws IOException {
        return open(
                Target.of(address.toString(), () -> SocketChannel.open(address), Losses.ofSockets()), replay, recovery);
    }

    /** Opens a target, whose channels are connected and blocking. */
    public static RecoveringSocketChannel open(
            Target<SocketChannel> target, StreamReplay replay, Recovery<SocketChannel> recovery) throws IOException {
        requireNonNull(replay, "replay");
        var options = new ConcurrentHashMap<SocketOption<?>, Object>();
        var opener = target.opener();
        var connection = Connection.open(target.opener(() -> withOptions(opener.open(), options)), recovery);
        return new RecoveringSocketChannel(connection, replay, options);
    }

    private static SocketChannel withOptions(SocketChannel opened, Map<SocketOption<?>, Object> options)
            throws IOException {
        try {
            for (var option : options.entrySet()) {
                set(opened, option.getKey(), option.getValue());
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // the value came in with this option
    private static <T> void set(SocketChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<SocketChannel> connection() {
        return connection;
    }

    /**
     * Says that the exchange is at a boundary: the peer needs nothing of what was written before, and nothing is still to be read
     * that would be missed. After it a write may be sent again on another connection.
     */
    public void settle() {
        dialogue.settle();
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return (int) read(requireNonNull(to, "to"), NONE, 0, 0);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return read(null, to, offset, length);
    }

    /** Into one buffer or, without it, into many. Nothing is allocated while nothing fails. */
    private long read(@Nullable ByteBuffer one, ByteBuffer[] many, int offset, int length) throws IOException {
        IOException failure = null;
        while (true) {
            requireOpen();
            var now = connection.settled(failure);
            dialogue.continueIn(now.generation(), failure);
            if (failure != null && replay == StreamReplay.STOP) {
                throw dialogue.stopped(failure);
            }
            try {
                var channel = usable(now);
                var count = one == null ? channel.read(many, offset, length) : channel.read(one);
                if (count < 0 && replay == StreamReplay.GO_ON) {
                    throw new EOFException(connection.name() + ": the peer has ended the stream");
                }
                dialogue.read(now.generation(), count);
                connection.operated();
                return count;
            } catch (IOException e) {
                failure = e;
                connection.recover(now, e);
            }
        }
    }

    private static SocketChannel usable(Current<SocketChannel> now) throws IOException {
        if (!now.ready()) {
            throw new ClosedChannelException();
        }
        return now.resource();
    }

    /** A write that fails may be sent again when the kernel has taken nothing of it and nothing of its message went before. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        return (int) write(requireNonNull(from, "from"), NONE, 0, 0);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        return write(null, from, offset, length);
    }

    private long write(@Nullable ByteBuffer one, ByteBuffer[] many, int offset, int length) throws IOException {
        IOException failure = null;
        while (true) {
            requireOpen();
            var now = connection.settled(failure);
            dialogue.continueIn(now.generation(), failure);
            var before = remaining(one, many, offset, length);
            try {
                var channel = usable(now);
                var count = one == null ? channel.write(many, offset, length) : channel.write(one);
                connection.operated();
                return count;
            } catch (IOException e) {
                failure = e;
                connection.recover(now, e);
            } finally {
                // Also of a write that fails: an interruption may come after the kernel has taken the bytes.
                dialogue.wrote(now.generation(), before - remaining(one, many, offset, length));
            }
        }
    }

    private static long remaining(@Nullable ByteBuffer one, ByteBuffer[] many, int offset, int length) {
        if (one != null) {
            return one.remaining();
        }
        var bytes = 0L;
        for (var next = offset; next < offset + length; next++) {
            bytes += many[next].remaining();
        }
        return bytes;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        requireOpen();
        var set = connection.<SocketChannel>call(channel -> channel.setOption(option, value));
        options.put(option, value);
        // What another thread has opened between the two was opened without it.
        connection.call(channel -> channel == set && set.isOpen() ? set : channel.setOption(option, value));
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        requireOpen();
        return connection.call(channel -> channel.getOption(option));
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return connection.resource().supportedOptions();
    }

    /** Refused: it is connected, and so bound. */
    @Override
    public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
        requireOpen();
        connection.resource().bind(local);
        return this;
    }

    /** Refused: it is connected. */
    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        requireOpen();
        return connection.resource().connect(remote);
    }

    @Override
    public boolean finishConnect() throws IOException {
        requireOpen();
        return true;
    }

    @Override
    public boolean isConnected() {
        return isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        requireOpen();
        return connection.call(SocketChannel::getRemoteAddress);
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        return connection.call(SocketChannel::getLocalAddress);
    }

    /** Ends the reading side of the present connection. */
    @Override
    public SocketChannel shutdownInput() throws IOException {
        requireOpen();
        connection.call(Replay.AT_MOST_ONCE, SocketChannel::shutdownInput);
        return this;
    }

    /** Ends the writing side of the present connection. */
    @Override
    public SocketChannel shutdownOutput() throws IOException {
        requireOpen();
        connection.call(Replay.AT_MOST_ONCE, SocketChannel::shutdownOutput);
        return this;
    }

    /** Refused: a socket would go past the cover. */
    @Override
    public Socket socket() {
        throw new UnsupportedOperationException("a recovering channel has no socket; use the channel");
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        connection.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        if (!block) {
            throw new UnsupportedOperationException("a recovering channel is always blocking");
        }
    }
}
