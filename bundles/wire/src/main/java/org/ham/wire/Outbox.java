package org.ham.wire;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to the other end, in order. Whoever has something to say puts it here and goes on; a thread of its own writes,
 * and is there only while there is something to write. Thread-safe.
 */
public final class Outbox {
    private static final int CHUNK = 8192;

    /** Where the bytes go. */
    public interface Sink {
        /** Writes all of them; may wait for the other end to read. */
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    private final Sink sink;
    private final long full;
    private final Budget budget;
    private final Runnable broken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private long bytes;
    private boolean writing;
    private boolean closed;
    private byte @Nullable [] last;
    private volatile long written;

    /**
     * @param sink where it goes
     * @param full from how many waiting bytes on the box counts as full
     * @param budget what all boxes share
     * @param broken called once when the sink fails
     */
    public Outbox(Sink sink, long full, Budget budget, Runnable broken) {
        this.sink = sink;
        this.full = full;
        this.budget = budget;
        this.broken = broken;
    }

    /** Adds a line; false when it is closed or no memory is left. */
    public boolean offer(byte[] line) {
        return add(line, false);
    }

    /** Adds a line and writes it on the calling thread, unless another one is writing; what is added meanwhile is left to another. */
    public boolean offerAndWrite(byte[] line) {
        return add(line, true);
    }

    private boolean add(byte[] line, boolean here) {
        lock.lock();
        try {
            if (closed || last != null || !budget.take(line.length)) {
                return false;
            }
            lines.add(line);
            bytes += line.length;
            if (writing) {
                return true;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        if (!here || writeNext()) {
            begin();
        }
        return true;
    }

    private void begin() {
        Thread.ofVirtual().name("ham-outbox").start(this::write);
    }

    /** Waits until the box is not full; false when it is closed. */
    public boolean awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (bytes >= full && !closed && last == null) {
                changed.await();
            }
            return !closed && last == null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is written, or it is closed. */
    public void awaitEmpty() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (writing && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what is not written yet and lets one last line follow. */
    public void end(byte[] farewell) {
        var begin = false;
        lock.lock();
        try {
            if (closed || last != null) {
                return;
            }
            drop();
            last = farewell;
            begin = !writing;
            writing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (begin) {
            begin();
        }
    }

    private void write() {
        var more = true;
        while (more) {
            more = writeNext();
        }
    }

    /** Writes one line; false when there is none left, or nobody to write to. */
    private boolean writeNext() {
        var line = next();
        if (line == null) {
            return false;
        }
        try {
            for (var from = 0; from < line.length; from += CHUNK) {
                var part = Math.min(CHUNK, line.length - from);
                sink.write(line, from, part);
                written += part;
            }
            return done(line);
        } catch (IOException | RuntimeException e) {
            close();
            broken.run();
            return false;
        }
    }

    private byte @Nullable [] next() {
        lock.lock();
        try {
            var line = closed ? null : lines.peek();
            if (line == null && farewellWaits()) {
                line = last;
                last = new byte[0];
            }
            if (line == null) {
                rest();
            }
            return line;
        } finally {
            lock.unlock();
        }
    }

    private boolean farewellWaits() {
        return last != null && !closed && last.length > 0;
    }

    private void rest() {
        writing = false;
        changed.signalAll();
    }

    /** Whether there is more to write. */
    private boolean done(byte[] line) {
        lock.lock();
        try {
            if (lines.peek() == line) {
                lines.remove();
                bytes -= line.length;
                budget.take(-line.length);
                changed.signalAll();
            }
            var more = !closed && !lines.isEmpty() || farewellWaits();
            if (!more) {
                rest();
            }
            return more;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        lines.clear();
        budget.take(-bytes);
        bytes = 0;
    }

    /** Whether something waits to be written or is being written. */
    public boolean busy() {
        lock.lock();
        try {
            return writing;
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes were ever written: one that is {@link #busy} and does not move has nobody who reads. */
    public long written() {
        return written;
    }

    /** Drops what waits; wakes who waits. Does not end a write that is under way: whoever owns the sink does. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
