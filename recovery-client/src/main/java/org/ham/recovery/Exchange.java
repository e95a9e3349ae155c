package org.ham.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.Conversation.State;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;

/**
 * Which generation of a connection the talk goes over, what of it is kept to be sent again, and what the last loss meant. Thread-safe.
 *
 * <p>Bytes are taken for the generation alone that the talk is in: what a thread still reads from or is about to write to a
 * connection that was lost meanwhile is not part of it.
 */
final class Exchange {
    /** The talk is in no generation: it was lost and is not resumed yet. */
    private static final long NONE = 0;

    private final String name;
    private final int capacity;
    private final Conversation conversation;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private volatile long generation = NONE;
    private volatile int refusals;
    private boolean overflown;
    private boolean resumed;
    private volatile boolean unsaid;
    private Code refusal = Code.NOT_REPEATED;
    private volatile ByteBuffer ahead = ByteBuffer.allocate(0);

    Exchange(String name, int capacity, Conversation conversation) {
        this.name = name;
        this.capacity = capacity;
        this.conversation = conversation;
    }

    boolean isIn(long asked) {
        return generation == asked;
    }

    /** How often a loss was one that an operation must fail for. */
    int refusals() {
        return refusals;
    }

    /** The socket is connected for the first time. */
    void begin(long first) {
        generation = first;
    }

    boolean isSettled(long in) {
        lock.lock();
        try {
            return generation == in && conversation.state() == State.SETTLED;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a loss is to be recovered from at all. */
    boolean isRecoverable() {
        lock.lock();
        try {
            return generation == NONE || conversation.state() != State.OVER;
        } finally {
            lock.unlock();
        }
    }

    /** These bytes are about to be written there; false when the talk is not there any more. */
    boolean sending(long to, byte[] bytes, int offset, int count) {
        lock.lock();
        try {
            if (generation != to) {
                return false;
            }
            note(bytes, offset, count);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void note(byte[] bytes, int offset, int count) {
        conversation.sent(view(bytes, offset, count));
        overflown |= kept.size() + count > capacity;
        if (conversation.state() == State.SETTLED) {
            settle();
        } else if (!overflown) {
            kept.write(bytes, offset, count);
        }
    }

    /** Seen from its own beginning, and not to be written to. */
    private static ByteBuffer view(byte[] bytes, int offset, int count) {
        return ByteBuffer.wrap(bytes, offset, count).slice().asReadOnlyBuffer();
    }

    private void settle() {
        kept.reset();
        overflown = false;
    }

    /** These bytes were read there; false when the talk is not there any more, and they mean nothing. */
    boolean received(long from, byte[] bytes, int offset, int count) {
        lock.lock();
        try {
            if (generation != from) {
                return false;
            }
            conversation.received(view(bytes, offset, count));
            if (conversation.state() == State.SETTLED) {
                settle();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What was read before the program asked for it. */
    void readAhead(long from, byte[] bytes, int count) {
        lock.lock();
        try {
            if (generation == from) {
                ahead = ByteBuffer.allocate(ahead.remaining() + count)
                        .put(ahead)
                        .put(bytes, 0, count)
                        .flip();
            }
        } finally {
            lock.unlock();
        }
    }

    int ahead() {
        lock.lock();
        try {
            return ahead.remaining();
        } finally {
            lock.unlock();
        }
    }

    /** Takes of what was read ahead; zero when there is nothing. */
    int take(long from, byte[] to, int offset, int most) {
        if (!ahead.hasRemaining()) {
            return 0;
        }
        lock.lock();
        try {
            if (generation != from || !ahead.hasRemaining()) {
                return 0;
            }
            var count = Math.min(most, ahead.remaining());
            ahead.get(to, offset, count);
            return received(from, to, offset, count) ? count : 0;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone, whoever says so first. */
    void lost() {
        lock.lock();
        try {
            if (generation == NONE) {
                return;
            }
            generation = NONE;
            resumed = false;
            ahead = ByteBuffer.allocate(0);
            var state = conversation.state();
            if (state == State.SETTLED || state == State.REPEATABLE && !overflown) {
                return;
            }
            refusal = state == State.WRITING ? Code.HALF_WRITTEN : Code.NOT_REPEATED;
            settle();
            unsaid = true;
            refusals++;
        } finally {
            lock.unlock();
        }
    }

    /** It was not brought back and the program is told so: nothing is kept for later. */
    void giveUp() {
        lock.lock();
        try {
            kept.reset();
            unsaid = false;
            // Where nobody has tried to recover the talk goes on, and what was asked before is not repeated later.
            overflown = generation != NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Rebuilds on a connection what the peer has forgotten. By one thread at a time: whoever recovers. */
    void rebuild(Socket opened) throws IOException {
        lost();
        var read = conversation.resume(opened.getInputStream(), opened.getOutputStream());
        lock.lock();
        try {
            resumed = true;
            ahead = read;
        } finally {
            lock.unlock();
        }
    }

    boolean isRebuilt() {
        lock.lock();
        try {
            return resumed;
        } finally {
            lock.unlock();
        }
    }

    /** Goes on in a generation, and says what has to be sent there again. */
    byte[] goOn(long in) {
        lock.lock();
        try {
            generation = in;
            var again = kept.toByteArray();
            settle();
            if (again.length > 0) {
                note(again, 0, again.length);
            }
            return again;
        } finally {
            lock.unlock();
        }
    }

    /** Says once that something must not be repeated. */
    void sayRefusal() throws RecoveryException {
        if (!unsaid) {
            return;
        }
        lock.lock();
        try {
            if (unsaid) {
                unsaid = false;
                throw refused();
            }
        } finally {
            lock.unlock();
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
