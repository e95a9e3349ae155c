package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.ham.api.ProcessId;
import org.ham.core.engine.Effect;
import org.ham.core.engine.State;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.Monitored;

/** The detectors of missed beats. Detectors come and go on any thread; everything else is the loop's. */
final class Monitors {
    private static final Logger LOG = System.getLogger(Monitors.class.getName());

    private final List<HeartbeatMonitor> all = new CopyOnWriteArrayList<>();

    void add(HeartbeatMonitor monitor) {
        all.add(monitor);
    }

    void remove(HeartbeatMonitor monitor) {
        all.remove(monitor);
    }

    void monitor(Effect.Monitor effect) {
        var what =
                new Monitored(effect.entity(), effect.process(), effect.heartbeat(), effect.beating(), effect.since());
        all.forEach(monitor -> guarded(monitor, m -> m.monitor(what)));
    }

    void forget(String entity) {
        all.forEach(monitor -> guarded(monitor, m -> m.forget(entity)));
    }

    /** Any thread. */
    void beat(String entity, ProcessId process, long nanos) {
        all.forEach(monitor -> guarded(monitor, m -> m.beat(entity, process, nanos)));
    }

    /** Tells a detector that came late of all there is to watch. */
    void tellAll(HeartbeatMonitor monitor, State state) {
        if (state.suspended()) {
            return;
        }
        for (var entity : state.entities().values()) {
            var process = entity.process();
            var heartbeat = entity.health().heartbeat();
            if (entity.isMonitored() && process != null && heartbeat != null) {
                var what = new Monitored(
                        entity.name(),
                        process,
                        heartbeat,
                        entity.health().beating(),
                        entity.health().since());
                guarded(monitor, m -> m.monitor(what));
            }
        }
    }

    private static void guarded(HeartbeatMonitor monitor, Consumer<HeartbeatMonitor> call) {
        try {
            call.accept(monitor);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "A detector of missed beats failed: " + monitor.getClass().getName(),
                    e);
        }
    }
}
