package org.ham.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.Conversation.State;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Which generation of a connection the talk goes over, what of it is kept to be sent again, and what the last loss meant. Thread-safe.
 *
 * <p>Bytes are taken for the generation alone that the talk is in: what a thread still reads from or is about to write to a
 * connection that was lost meanwhile is not part of it.
 */
final class Exchange {
    /** What becomes of bytes that are about to be written. */
    enum Sending {
        /** The talk is not there any more, and they are no part of it. */
        ELSEWHERE,
        /** They are part of it. */
        NOTED,
        /** So they are; they are the first after a moment in which all was settled, and do not come again if the connection is gone. */
        AT_STAKE
    }

    /** The talk is in no generation: it was lost and is not resumed yet. */
    private static final long NONE = 0;

    private final String name;
    private final int capacity;
    private final Conversation conversation;
    private final ReentrantLock rebuilding = new ReentrantLock();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private int keptCount;

    private volatile long generation = NONE;
    private volatile int refusals;
    private State state;
    private boolean overflown;
    private @Nullable Socket rebuiltOn;
    private volatile boolean unsaid;
    private Code refusal = Code.NOT_REPEATED;
    private volatile ByteBuffer ahead = ByteBuffer.allocate(0);

    Exchange(String name, int capacity, Conversation conversation) {
        this.name = name;
        this.capacity = capacity;
        this.conversation = conversation;
        this.state = conversation.state();
    }

    boolean isIn(long asked) {
        return generation == asked;
    }

    /** Whether something was asked that is not answered, or not told of. */
    synchronized boolean isAsking() {
        return generation == NONE ? keptCount > 0 || unsaid : state != State.SETTLED;
    }

    /** How often a loss was one that an operation must fail for. */
    int refusals() {
        return refusals;
    }

    /** The socket is connected for the first time. */
    void begin(long first) {
        generation = first;
    }

    /** Whether a loss is to be recovered from at all. */
    synchronized boolean isRecoverable() {
        return generation == NONE || state != State.OVER;
    }

    /** These bytes are about to be written there. */
    synchronized Sending sending(long to, byte[] bytes, int offset, int count) {
        if (generation != to) {
            return Sending.ELSEWHERE;
        }
        var first = state == State.SETTLED;
        note(bytes, offset, count);
        return first && !isRepeatable() ? Sending.AT_STAKE : Sending.NOTED;
    }

    /** What was about to be written when the talk was settled was not, for the connection there is gone. */
    synchronized void unsent(long to) {
        if (generation == to) {
            state = State.SETTLED;
            settle();
            lost();
        }
    }

    private void note(byte[] bytes, int offset, int count) {
        conversation.sent(view(bytes, offset, count));
        state = conversation.state();
        if (state == State.SETTLED) {
            settle();
            return;
        }
        overflown |= keptCount + count > capacity;
        if (!overflown) {
            kept.write(bytes, offset, count);
            keptCount += count;
        }
    }

    private boolean isRepeatable() {
        return state == State.REPEATABLE && !overflown;
    }

    /** Seen from its own beginning, and not to be written to. */
    private static ByteBuffer view(byte[] bytes, int offset, int count) {
        return ByteBuffer.wrap(bytes, offset, count).slice().asReadOnlyBuffer();
    }

    private void settle() {
        forget();
        overflown = false;
    }

    private void forget() {
        if (keptCount > 0) {
            kept.reset();
            keptCount = 0;
        }
    }

    /** These bytes were read there; false when the talk is not there any more, and they mean nothing. */
    synchronized boolean received(long from, byte[] bytes, int offset, int count) {
        if (generation != from) {
            return false;
        }
        conversation.received(view(bytes, offset, count));
        state = conversation.state();
        if (state == State.SETTLED) {
            settle();
        }
        return true;
    }

    /** What was read before the program asked for it. */
    synchronized void readAhead(long from, byte[] bytes, int count) {
        if (generation == from) {
            ahead = ByteBuffer.allocate(ahead.remaining() + count)
                    .put(ahead)
                    .put(bytes, 0, count)
                    .flip();
        }
    }

    synchronized int ahead() {
        return ahead.remaining();
    }

    /** Takes of what was read ahead; zero when there is nothing. */
    int take(long from, byte[] to, int offset, int most) {
        return ahead.hasRemaining() ? takeAhead(from, to, offset, most) : 0;
    }

    private synchronized int takeAhead(long from, byte[] to, int offset, int most) {
        if (generation != from || !ahead.hasRemaining()) {
            return 0;
        }
        var count = Math.min(most, ahead.remaining());
        ahead.get(to, offset, count);
        return received(from, to, offset, count) ? count : 0;
    }

    /** The connection is gone, whoever says so first. */
    synchronized void lost() {
        if (generation == NONE) {
            return;
        }
        generation = NONE;
        ahead = ByteBuffer.allocate(0);
        if (state == State.SETTLED || isRepeatable()) {
            return;
        }
        refusal = state == State.WRITING ? Code.HALF_WRITTEN : Code.NOT_REPEATED;
        settle();
        unsaid = true;
        refusals++;
    }

    /** It was not brought back and the program is told so: nothing is kept for later. */
    synchronized void giveUp() {
        forget();
        unsaid = false;
        // Where nobody has tried to recover the talk goes on, and what was asked before is not repeated later.
        overflown = generation != NONE && state != State.SETTLED;
    }

    /** Rebuilds on a connection what the peer has forgotten. Who comes later waits for who is at it, over what is closed meanwhile. */
    void rebuild(Socket opened) throws IOException {
        rebuilding.lock();
        try {
            lost();
            var read = conversation.resume(opened.getInputStream(), opened.getOutputStream());
            synchronized (this) {
                state = conversation.state();
                ahead = read;
                rebuiltOn = opened;
            }
        } finally {
            rebuilding.unlock();
        }
    }

    synchronized boolean isRebuiltOn(Socket asked) {
        return rebuiltOn == asked;
    }

    /** Goes on in a generation over what it was rebuilt on, and says what has to be sent there again. */
    synchronized byte[] goOn(long in, Socket over) throws SocketException {
        if (rebuiltOn != over) {
            throw new SocketException(name + ": another connection has come after this one");
        }
        generation = in;
        var again = kept.toByteArray();
        settle();
        if (again.length > 0) {
            note(again, 0, again.length);
        }
        return again;
    }

    /** Says once that something must not be repeated. */
    void sayRefusal() throws RecoveryException {
        if (unsaid) {
            sayItOnce();
        }
    }

    private synchronized void sayItOnce() throws RecoveryException {
        if (unsaid) {
            unsaid = false;
            throw refused();
        }
    }

    /** That what was under way must not be repeated. */
    RecoveryException refused() {
        var what = refusal == Code.HALF_WRITTEN
                ? "a message was half written and is not repeated"
                : "what was asked for may have been carried out and is not repeated";
        return new RecoveryException(
                refusal, Outcome.MAYBE_DONE, name + ": recovered, but " + what + "; ask again if that does no harm");
    }
}
