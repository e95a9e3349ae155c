package org.ham.guardian;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Who carries out what takes its time. Thread-safe. */
interface Hands {
    /** An executor that runs one thing after the other; what waits in it when it is ended is dropped. */
    ScheduledExecutorService one(String name);

    /** Ends an executor, and reports when it does not stop in time. */
    void end(ScheduledExecutorService executor, Duration limit);

    /** Runs something at once beside everything else. */
    void start(String name, Runnable what);

    /** Ends this process on the spot, in no order; does not return. */
    void halt();

    /** Has the caller wait. */
    void pause(Duration time);
}
