package org.ham.client;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ham.wire.BadMessageException;
import org.ham.wire.Budget;
import org.ham.wire.LineReader;
import org.ham.wire.Message;
import org.ham.wire.Outbox;

/** One connection to one HAM, from its beginning to its end. Thread-safe. */
final class Wire implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Wire.class.getName());

    /** The longest line of the HAM: its whole tree. */
    private static final int LONGEST_LINE = 256 << 20;

    private static final long OUT_BYTES = 64L << 20;

    /** Requests of this length, so many of them, have room in the socket whether the HAM reads or not. */
    private static final int SMALL = 1024;

    private static final int FEW = 32;

    private final SocketChannel channel;
    private final Outbox outbox;
    private final Consumer<Message> heard;
    private final Consumer<Wire> gone;
    private final CountDownLatch ended = new CountDownLatch(1);

    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean large;
    private volatile boolean closed;

    /** Connects; the listeners are called on a thread of the connection, {@code gone} once and last. */
    Wire(Path socket, Consumer<Message> heard, Consumer<Wire> gone) throws IOException {
        this.heard = heard;
        this.gone = gone;
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        outbox = new Outbox(this::write, OUT_BYTES, new Budget(OUT_BYTES), this::close);
        // No virtual one: whoever waits for an answer would wait for two threads more.
        Thread.ofPlatform().daemon().name("ham-client-reader").start(this::read);
    }

    /** An interrupt while this lasts closes the channel, and the HAM is connected to anew. */
    private void write(byte[] bytes, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void read() {
        var reader = new LineReader(new In(), LONGEST_LINE, new Budget(Long.MAX_VALUE));
        try {
            for (var line = reader.next(); line.isPresent(); line = reader.next()) {
                hear(Message.read(line.get(), Integer.MAX_VALUE));
            }
        } catch (IOException _) {
            // The HAM has gone; the next one is looked for.
        } catch (BadMessageException | RuntimeException e) {
            LOG.log(Level.WARNING, "What the HAM says is not understood; connecting again", e);
        } finally {
            close();
            gone.accept(this);
            ended.countDown();
        }
    }

    private void hear(Message message) {
        if (message instanceof Message.Reply || message instanceof Message.Failure) {
            unanswered.decrementAndGet();
        }
        heard.accept(message);
    }

    /** Sends a notice or an answer; false when there is no room or it has ended. */
    boolean tell(byte[] line) {
        return outbox.offer(line);
    }

    /**
     * Sends a request; false when there is no room or it has ended. On the calling thread when it cannot be held up there: a HAM that
     * does not read must not hang who asks for longer than he wants to wait.
     */
    boolean send(byte[] line) {
        var before = unanswered.getAndIncrement();
        large = line.length > SMALL || large && before > 0;
        return large || before >= FEW || Thread.currentThread().isInterrupted()
                ? outbox.offer(line)
                : outbox.offerAndWrite(line);
    }

    /** Waits until it has ended and everything that came was heard. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Whether nothing goes this way any more. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        outbox.close();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the connection", e);
        }
    }

    /** The channel as a stream. */
    private final class In extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("read into an array");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }
}
