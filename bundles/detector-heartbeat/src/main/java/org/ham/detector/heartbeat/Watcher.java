package org.ham.detector.heartbeat;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.ham.api.ProcessId;
import org.ham.linux.Clocks;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.Monitored;

/** The one thread that looks at all beats. Thread-safe. */
final class Watcher implements HeartbeatMonitor, AutoCloseable {
    private static final Logger LOG = System.getLogger(Watcher.class.getName());
    private static final long JOIN_MILLIS = 5_000;

    /** After a failure, so that a bug does not keep a processor busy. */
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Clocks clocks;
    private final Runnable beginning;
    private final Judge judge;
    private final Queue<Consumer<Judge>> told = new ConcurrentLinkedQueue<>();
    private final Map<String, Watched> relays = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins to watch; the judge belongs to the thread from now on.
     *
     * @param beginning done first on that thread
     */
    Watcher(Clocks clocks, Judge judge, Runnable beginning) {
        this.clocks = clocks;
        this.beginning = beginning;
        this.judge = judge;
        thread = Thread.ofPlatform().name("ham-heartbeats").daemon().start(this::run);
    }

    private void run() {
        beginning.run();
        while (!closed) {
            try {
                sleepUntil(turn());
            } catch (RuntimeException | InternalError e) {
                // An InternalError is a page of our own user that was cut short under our eyes.
                LOG.log(Level.ERROR, "Beats could not be looked at; trying again", e);
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private long turn() {
        judge.read();
        for (var next = told.poll(); next != null; next = told.poll()) {
            next.accept(judge);
        }
        return judge.turn();
    }

    private void sleepUntil(long monotonic) {
        while (!closed && told.isEmpty()) {
            var left = monotonic - clocks.monotonic();
            if (left <= 0) {
                return;
            }
            // It may come back early, which is found out above; a word that is left meanwhile wakes it.
            LockSupport.parkNanos(this, left);
        }
    }

    private void tell(Consumer<Judge> what) {
        told.add(what);
        LockSupport.unpark(thread);
    }

    @Override
    public void monitor(Monitored entity) {
        tell(j -> relays.put(entity.entity(), j.monitor(entity)));
    }

    @Override
    public void forget(String entity) {
        tell(j -> {
            j.forget(entity);
            relays.remove(entity);
        });
    }

    @Override
    public void beat(String entity, ProcessId process, long nanos) {
        var watched = relays.get(entity);
        if (watched != null && watched.what.process().equals(process)) {
            watched.beats.relay(nanos);
        }
    }

    /** Silence counts anew for all. */
    void pardon() {
        tell(Judge::pardon);
    }

    /** A process has got a page. */
    void page(String entity, ProcessId process) {
        tell(j -> j.page(entity, process));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_MILLIS);
            if (thread.isAlive()) {
                LOG.log(Level.ERROR, "The thread that looks at beats did not stop within {0} ms", JOIN_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
