package org.ham.core;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ham.api.EntityKind;
import org.ham.api.ProcessId;
import org.ham.core.engine.Entity;
import org.ham.core.engine.State;
import org.ham.spi.Reports;

/**
 * Knows through which connection each process is attached, and counts one as dead whose connection broke and that did not
 * attach itself again in time: through a takeover, or after a fault of the connection alone. Thread-safe.
 */
final class Rejoining implements AutoCloseable {
    private final Supplier<State> state;
    private final Reports reports;
    private final Duration within;
    private final Map<String, Object> connections = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;

    /** The processes that are attached now have as long as anybody to connect to this HAM. */
    Rejoining(Supplier<State> state, Reports reports, Duration within) {
        this.state = state;
        this.reports = reports;
        this.within = within;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("ham-rejoining").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        state.get().entities().values().stream()
                .filter(entity -> entity.kind() == EntityKind.SELF && entity.joined())
                .forEach(this::expect);
    }

    /** An entity is attached through this connection from now on. */
    void attached(String entity, Object connection) {
        connections.put(entity, connection);
    }

    /** The connection broke. */
    void lost(String entity, Object connection) {
        if (connections.remove(entity, connection)) {
            state.get().entity(entity).filter(Entity::joined).ifPresent(this::expect);
        }
    }

    /** It detached in order. */
    void detached(String entity, Object connection) {
        connections.remove(entity, connection);
    }

    private void expect(Entity entity) {
        var name = entity.name();
        ProcessId process = Objects.requireNonNull(entity.process());
        timer.schedule(() -> judge(name, process), within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void judge(String name, ProcessId process) {
        if (!connections.containsKey(name)) {
            reports.lost(name, process);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
