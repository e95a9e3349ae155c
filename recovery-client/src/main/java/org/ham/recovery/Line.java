package org.ham.recovery;

import static org.ham.recovery.RecoveryException.refused;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.RecoveryException.Code;
import org.jspecify.annotations.Nullable;

/**
 * What a connection and its duplicates go through at the moment, and whose turn it is to bring it back. Thread-safe.
 *
 * <p>The turn is a field and not a held lock, so that no foreign code ever runs under a lock. A reader takes {@code current} first
 * and looks for a recovery afterwards: what it then has is from before one began or from after it ended, never half rebuilt.
 */
final class Line<C extends Closeable> {
    static final int MOST_HANDLES = 1 << 16;

    /** What is in use. A higher generation came later; one that is not ready must be recovered before it is used. */
    record Current<C>(C resource, long generation, boolean ready) {}

    final Target<C> target;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private volatile Current<C> current;
    private volatile @Nullable Thread recoverer;
    private volatile boolean closed;
    private volatile @Nullable Runnable atClose;
    private long begunWith;
    private int handles = 1;

    Line(Target<C> target) throws IOException {
        this.target = target;
        this.current = new Current<>(target.opener().open(), 1, true);
    }

    /** What is in use, without regard to a recovery that is under way. */
    Current<C> current() {
        return current;
    }

    boolean isRecoveredByMe() {
        return recoverer == Thread.currentThread();
    }

    /** What is in use once no recovery is under way; at once for the thread that recovers. */
    Current<C> settled() throws RecoveryException {
        var now = current;
        var by = recoverer;
        if (by == null || by == Thread.currentThread()) {
            return now;
        }
        lock.lock();
        try {
            awaitEnd();
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Asks something of what is in use. */
    @FunctionalInterface
    interface Question<C, T, E extends IOException> {
        T of(Current<C> now) throws E;
    }

    /** Asks what is in use once no recovery is under way; what another thread takes out of use meanwhile is not that. */
    <T, E extends IOException> T ask(Question<C, T, E> question) throws E, RecoveryException {
        var now = settled();
        while (true) {
            try {
                return question.of(now);
            } catch (IOException e) {
                var next = settled();
                if (next.resource() == now.resource()) {
                    throw e;
                }
                now = next;
            }
        }
    }

    /** Makes this thread the recoverer; false when another has brought back a later generation meanwhile. */
    boolean begin(long failed) throws RecoveryException {
        lock.lock();
        try {
            awaitEnd();
            if (current.generation() != failed && current.ready()) {
                return false;
            }
            recoverer = Thread.currentThread();
            begunWith = current.generation();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnd() throws RecoveryException {
        var left = target.patience().toNanos();
        while (recoverer != null) {
            if (left <= 0) {
                throw refused(
                        Code.BUSY,
                        target.name() + ": another thread's recovery takes longer than " + target.patience()
                                + "; try again later or have more patience");
            }
            try {
                left = ended.awaitNanos(left);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw refused(Code.INTERRUPTED, target.name() + ": interrupted while another thread recovers it");
            }
        }
    }

    /** Ends this thread's turn. What a failed recovery left half rebuilt is closed and not used any more. */
    void end(boolean recovered) {
        Current<C> now;
        lock.lock();
        try {
            now = current;
            var same = now.generation() == begunWith;
            if (!recovered) {
                now = new Current<>(now.resource(), now.generation(), now.ready() && same);
            } else if (same) {
                now = new Current<>(now.resource(), begunWith + 1, true);
            }
            current = now;
            recoverer = null;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        if (!now.ready()) {
            closeQuietly(now.resource());
        }
    }

    /** Closes what is in use and opens another, in the turn of this thread or in one taken for it; whether it was taken. */
    boolean reopen(Opener<? extends C> opener) throws IOException {
        if (isRecoveredByMe()) {
            replace(opener);
            return false;
        }
        while (!begin(settled().generation())) {
            // Another thread has brought back a later one meanwhile: this one is asked for another still.
        }
        var done = false;
        try {
            replace(opener);
            done = true;
        } finally {
            end(done);
        }
        return true;
    }

    private void replace(Opener<? extends C> opener) throws IOException {
        var old = current;
        closeQuietly(old.resource());
        current = new Current<>(old.resource(), old.generation(), false);
        requireOpen();
        var opened = opener.open();
        current = new Current<>(opened, old.generation() + 1, true);
        if (closed) {
            // Closed meanwhile: whoever closed has either seen the new one or is seen here.
            closeQuietly(opened);
            requireOpen();
        }
    }

    private void requireOpen() throws RecoveryException {
        if (closed) {
            throw refused(Code.CLOSED, target.name() + ": closed while it was opened again");
        }
    }

    boolean isOpen() {
        return !closed;
    }

    /** One more user. */
    void share() throws RecoveryException {
        lock.lock();
        try {
            requireOpen();
            if (handles >= MOST_HANDLES) {
                throw refused(Code.TOO_MANY, target.name() + ": more than " + MOST_HANDLES + " duplicates; close some");
            }
            handles++;
        } finally {
            lock.unlock();
        }
    }

    /** One user less; the last one closes what is in use. */
    void release() throws IOException {
        lock.lock();
        try {
            handles--;
            if (handles > 0) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        var wake = atClose;
        if (wake != null) {
            wake.run();
        }
        current.resource().close();
    }

    /** Has something run when it is closed, which wakes a recovery that waits. For the thread that recovers. */
    void atClose(@Nullable Runnable wake) {
        atClose = wake;
        if (closed && wake != null) {
            wake.run();
        }
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException _) {
            // It is given up anyway: what closing it says changes nothing.
        }
    }
}
