package org.ham.simulation;

import java.util.HashMap;
import java.util.Map;
import org.ham.api.ProcessId;
import org.ham.core.SimulatedCore;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.Monitored;

/** A detector of missed beats that only keeps whom it is to watch. It is there while the HAM serves. */
final class SimulatedMonitor implements HeartbeatMonitor {
    final Map<String, ProcessId> watched = new HashMap<>();

    /** Whether a core has it, and whether that core has told it of all there is. */
    boolean bound;

    boolean told;

    /** It comes to a core, or comes again. */
    void comesTo(SimulatedCore core) {
        watched.clear();
        bound = true;
        told = false;
        core.add(this);
    }

    /** It goes. */
    void goesFrom(SimulatedCore core) {
        core.remove(this);
        bound = false;
        told = false;
    }

    @Override
    public void monitor(Monitored entity) {
        watched.put(entity.entity(), entity.process());
    }

    @Override
    public void forget(String entity) {
        watched.remove(entity);
    }
}
