package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.Line.Current;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A byte stream in both directions that goes on over another connection where it was: what was written lately is kept, and what
 * the peer says it has decides what of it is written again. So no byte is lost and none comes twice, with a peer that keeps its
 * side likewise. Thread-safe for one reader and one writer.
 *
 * <p>The end of the stream is a loss like any other: both sides know from what they say when they are at the end. A write takes all
 * its bytes, also one that fails because the connection is not brought back: they are part of the stream and come with what is
 * written next. What the peer has lost beyond what is kept cannot be made good: {@link Code#HALF_WRITTEN}, from then on for ever.
 *
 * @param <C> what it goes over; it must be blocking
 */
public final class ResumingChannel<C extends ByteChannel> implements ByteChannel {
    private static final int MOST_CAPACITY = 1 << 26;
    private static final long NONE = 0;

    private final Opener<C> opener;
    private final Handshake<C> handshake;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock agreeing = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final ReplayBuffer kept;
    private final Connection<C> connection;

    /** The one that the places in both streams are for; none while they are agreed on. */
    private long generation = NONE;

    private boolean opened;

    /** What the places were last agreed on over. */
    private @Nullable C agreedOn;

    private long received;
    private volatile @Nullable RecoveryException torn;

    private ResumingChannel(Target<C> target, Handshake<C> handshake, int capacity, Recovery<C> recovery)
            throws IOException {
        this.opener = target.opener();
        this.handshake = requireNonNull(handshake, "handshake");
        this.kept = new ReplayBuffer(capacity);
        this.connection = Connection.open(target.opener(this::open), recovery);
        this.generation = connection.generation();
    }

    /**
     * Opens a target.
     *
     * @param capacity how many of the bytes written last are kept, from 1 to 64 MiB; more than can be on their way
     */
    public static <C extends ByteChannel> ResumingChannel<C> open(
            Target<C> target, Handshake<C> handshake, int capacity, Recovery<C> recovery) throws IOException {
        if (capacity < 1 || capacity > MOST_CAPACITY) {
            throw new IllegalArgumentException(
                    target.name() + ": capacity " + capacity + ": expected from 1 to " + MOST_CAPACITY);
        }
        return new ResumingChannel<>(target, handshake, capacity, recovery);
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<C> connection() {
        return connection;
    }

    private C open() throws IOException {
        var first = isFirst();
        var channel = opener.open();
        try {
            if (!first) {
                agree(channel);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** From here on no place moves until it is agreed on a new connection; there is nothing to agree on at first. */
    private boolean isFirst() {
        lock.lock();
        try {
            var first = !opened;
            opened = true;
            generation = NONE;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Who comes later waits for who is at it, over what is closed meanwhile. */
    private void agree(C channel) throws IOException {
        agreeing.lock();
        try {
            writeAgain(channel, handshake.resume(channel, received));
        } finally {
            agreeing.unlock();
        }
    }

    private void writeAgain(C channel, long has) throws IOException {
        if (has < kept.start() || has > kept.end()) {
            torn = new RecoveryException(
                    Code.HALF_WRITTEN,
                    Outcome.MAYBE_DONE,
                    connection.name() + ": recovered, but the peer has " + has
                            + " bytes of the stream and here are those from " + kept.start() + " to " + kept.end()
                            + "; begin a new stream, with more capacity");
        } else {
            var again = kept.from(has);
            while (again.hasRemaining()) {
                channel.write(again);
            }
        }
        lock.lock();
        try {
            generation = NONE;
            agreedOn = channel;
        } finally {
            lock.unlock();
        }
    }

    private void enter(Current<C> now) throws IOException {
        if (!now.ready() || !isOpen()) {
            throw new ClosedChannelException();
        }
        if (!isAgreed(now)) {
            agreeElsewhere(now);
        }
        var over = torn;
        if (over != null) {
            throw new RecoveryException(over.code(), over.outcome(), String.valueOf(over.getMessage()));
        }
    }

    /** It was opened by hand somewhere else. */
    private void agreeElsewhere(Current<C> now) throws IOException {
        agreeing.lock();
        try {
            if (isAgreed(now)) {
                // By another thread meanwhile.
                return;
            }
            if (connection.generation() != now.generation()) {
                throw new ClosedChannelException();
            }
            isFirst();
            agree(now.resource());
            isAgreed(now);
        } finally {
            agreeing.unlock();
        }
    }

    private boolean isAgreed(Current<C> now) {
        lock.lock();
        try {
            if (generation == NONE && agreedOn == now.resource()) {
                generation = now.generation();
            }
            return generation == now.generation();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        while (true) {
            var now = connection.line().settled();
            try {
                enter(now);
                var start = to.position();
                var count = now.resource().read(to);
                if (count < 0) {
                    throw new EndOfStream(connection.name());
                }
                if (isCounted(now.generation(), count)) {
                    connection.operated();
                    return count;
                }
                // It comes again over the connection that another thread is bringing back.
                to.position(start);
            } catch (IOException e) {
                connection.recover(now, e);
            }
        }
    }

    private boolean isCounted(long in, int count) {
        lock.lock();
        try {
            received += generation == in ? count : 0;
            return generation == in;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        writing.lock();
        try {
            var bytes = from.duplicate();
            var taken = false;
            while (true) {
                var now = connection.line().settled();
                try {
                    enter(now);
                    if (taken) {
                        // It was written with all that the peer did not have.
                        return bytes.remaining();
                    }
                    taken = isTaken(now.generation(), from);
                    if (taken) {
                        writeAll(now.resource(), bytes.duplicate());
                        return bytes.remaining();
                    }
                } catch (IOException e) {
                    connection.recover(now, e);
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private void writeAll(C channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        connection.operated();
    }

    private boolean isTaken(long in, ByteBuffer from) {
        lock.lock();
        try {
            if (generation != in) {
                return false;
            }
            kept.add(from);
            from.position(from.limit());
            return true;
        } finally {
            lock.unlock();
        }
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
