package org.ham.recovery;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * One listener and what it is still to be told. Thread-safe. Its thread is a platform one, so that a listener that never pauses takes no
 * processor away from the program's virtual threads.
 */
final class Audience {
    static final int MOST_WAITING = 256;

    private final RecoveryListener listener;
    private final Log log;
    private final Queue<RecoveryEvent> waiting = new ArrayDeque<>();
    private boolean isTelling;
    private boolean closed;
    private long missed;

    Audience(RecoveryListener listener, Log log) {
        this.listener = listener;
        this.log = log;
    }

    /** Never waits. */
    void tell(RecoveryEvent event) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                missed++;
                return;
            }
            waiting.add(event);
            if (isTelling) {
                return;
            }
            isTelling = true;
        }
        Thread.ofPlatform().daemon().name("ham-recovery-listener").start(this::tellAll);
    }

    private void tellAll() {
        for (var next = next(); next.isPresent(); next = next()) {
            try {
                listener.on(next.get());
            } catch (RuntimeException e) {
                log.listenerFailed(e);
            }
        }
    }

    private synchronized Optional<RecoveryEvent> next() {
        var next = Optional.ofNullable(waiting.poll());
        isTelling = next.isPresent();
        return next;
    }

    synchronized long missed() {
        return missed;
    }

    /** Nothing is told any more, but for what is being told just now. */
    synchronized void close() {
        closed = true;
        waiting.clear();
    }
}
