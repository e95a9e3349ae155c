package org.ham.guardian;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What one thread does, one thing after the other, at once or later. Thread-safe. */
final class Errands {
    private final Hands hands;
    private final ScheduledExecutorService thread;
    private final Logger log;
    private final String failure;

    /**
     * On a thread of that name.
     *
     * @param failure what to log when one throws: an executor would keep the exception to itself
     */
    Errands(String name, Hands hands, Logger log, String failure) {
        this.hands = hands;
        this.log = log;
        this.failure = failure;
        thread = hands.one(name);
    }

    /** As soon as what was handed in before is done. */
    void add(Runnable what) {
        later(Duration.ZERO, what);
    }

    /** After a pause; not at all once it has ended. */
    void later(Duration pause, Runnable what) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(() -> run(what), pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void run(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            log.log(Level.ERROR, failure, e);
        }
    }

    /** Waits for what is being done, within a limit; what is to come is dropped. */
    void end(Duration limit) {
        hands.end(thread, limit);
    }

    /** Does a last thing on the caller's thread, once it has ended. */
    void last(Runnable what) {
        run(what);
    }
}
