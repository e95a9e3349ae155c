package org.ham.recovery;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;

/**
 * An output stream of any kind that comes back when what it goes to is restarted; apart from that what it covers. Thread-safe for one
 * writer. For files there is {@link RecoveringStreams#write(java.nio.file.Path, Recovery)}, which can do more.
 *
 * <p>What is opened again begins at its beginning, and a stream has no messages, so the program says where one ends, by {@link #settle()}.
 * A message that was begun in one stream is never continued in another and never repeated: where it goes on there is an exception
 * instead, {@link RecoveryException.Code#HALF_WRITTEN}, once, with the stream back. An output stream that fails does not say how much
 * it has taken, so what was begun is all that was given to it since the last {@code settle()}. What it has taken and whoever is at
 * the other end never read is not known to be lost until something fails.
 */
public final class RecoveringOutputStream extends OutputStream {
    private final Connection<OutputStream> connection;
    private final Dialogue dialogue;

    private RecoveringOutputStream(Connection<OutputStream> connection) {
        this.connection = connection;
        this.dialogue = new Dialogue(connection.name(), StreamReplay.STOP);
    }

    /** Opens a target, whose streams begin with a new message. */
    public static RecoveringOutputStream open(Target<OutputStream> target, Recovery<OutputStream> recovery)
            throws IOException {
        return new RecoveringOutputStream(Connection.open(target, recovery));
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<OutputStream> connection() {
        return connection;
    }

    /**
     * Flushes, and says that a message is complete: what was written before has arrived as far as the program is concerned. What follows
     * may go over another stream.
     */
    public void settle() throws IOException {
        flush();
        dialogue.settle();
    }

    @Override
    public void write(int value) throws IOException {
        pass(1, out -> {
            out.write(value);
            return out;
        });
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        // What is outside of the array, what is covered refuses in its own words.
        var isInside = offset >= 0 && count >= 0 && count <= from.length - offset;
        pass(isInside ? count : 0, out -> {
            out.write(from, offset, count);
            return out;
        });
    }

    @Override
    public void flush() throws IOException {
        pass(0, out -> {
            out.flush();
            return out;
        });
    }

    private void pass(int bytes, Operation<OutputStream, OutputStream> operation) throws IOException {
        IOException failure = null;
        while (connection.isOpen()) {
            var now = connection.settled(failure);
            dialogue.continueIn(now.generation(), failure);
            try {
                if (!now.ready()) {
                    throw new ClosedChannelException();
                }
                // Before it: when it fails, some of it may have left.
                dialogue.wrote(now.generation(), bytes);
                operation.on(now.resource());
                connection.operated();
                return;
            } catch (IOException e) {
                failure = e;
                connection.recover(now, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        // It says itself what is wrong with that.
        operation.on(connection.resource());
    }

    /** Closes it. A message that would have to go on in another stream than it was begun in is lost, and that is said here too. */
    @Override
    public void close() throws IOException {
        var in = connection.generation();
        connection.close();
        dialogue.continueIn(in, null);
    }
}
