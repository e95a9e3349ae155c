package org.ham.control;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ham.spi.Connections;
import org.jspecify.annotations.Nullable;

/** The core that is there, and the clients that are served through it, which end with it. Thread-safe. */
final class Cores implements AutoCloseable {
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);

    private final Function<Connections, Serving> begin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Core core;
    private volatile @Nullable Serving serving;
    private boolean closed;

    /**
     * A core.
     *
     * @param key tells it from others
     * @param connections asks for its connections; null while it is just coming
     */
    private record Core(Object key, Supplier<@Nullable Connections> connections) {}

    /** How clients are served through one core. Thread-safe. */
    record Serving(Service service, Clients clients) implements AutoCloseable {
        /** Idle clients go at once; requests under way get a moment, so that a stop gets its answer. */
        @Override
        public void close() {
            clients.finish();
            try {
                clients.awaitAll();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                clients.close();
            }
        }
    }

    /** @param begin begins to serve clients through a core */
    Cores(Function<Connections, Serving> begin) {
        this.begin = begin;
    }

    void come(Object key, Supplier<@Nullable Connections> connections) {
        lock.lock();
        try {
            core = new Core(key, connections);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** It goes; nothing is asked of it any more when this returns. */
    void gone(Object key) {
        @Nullable Serving ending = null;
        lock.lock();
        try {
            // The next one may have come already.
            if (core != null && core.key().equals(key)) {
                core = null;
                ending = serving;
                serving = null;
            }
        } finally {
            lock.unlock();
        }
        if (ending != null) {
            ending.close();
        }
    }

    /** What is served now, if anything. */
    @Nullable
    Serving current() {
        return serving;
    }

    /**
     * Waits for a core; null when closed. Declarative Services can give nothing while the core is being activated on another
     * thread, and do not ask again.
     */
    @Nullable
    Serving await() throws InterruptedException {
        while (true) {
            var known = serving;
            if (known != null) {
                return known;
            }
            var next = next();
            if (next == null) {
                return null;
            }
            var ham = ask(next);
            if (ham != null) {
                take(next, ham);
            } else {
                pause();
            }
        }
    }

    private @Nullable Core next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (core == null && !closed) {
                changed.await();
            }
            return closed ? null : core;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Connections ask(Core core) {
        try {
            return core.connections().get();
        } catch (IllegalStateException _) {
            // It is about to go.
            return null;
        }
    }

    private void take(Core from, Connections ham) {
        lock.lock();
        try {
            if (from.equals(core) && !closed) {
                serving = begin.apply(ham);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!closed) {
                var _ = changed.await(ASK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more clients from now on. */
    @Override
    public void close() {
        @Nullable Serving ending;
        lock.lock();
        try {
            closed = true;
            ending = serving;
            serving = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ending != null) {
            ending.close();
        }
    }
}
