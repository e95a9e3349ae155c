package org.ham.simulation;

import java.util.HashMap;
import java.util.Objects;
import org.ham.api.ProcessId;
import org.ham.core.engine.Action;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Entity.Status;
import org.ham.core.engine.State;

final class StateIsSound extends Audit {
    private State looked = State.empty();

    StateIsSound(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "What the HAM knows fits together: process, status, lanes, starts in flight, and whose beats are watched.";
    }

    @Override
    void after() {
        var server = world.server();
        if (server == null || server.state() == looked) {
            return;
        }
        looked = server.state();
        looked.entities().values().forEach(this::look);
        var toWatch = toWatch(looked);
        if (server.monitor.told && !server.monitor.watched.equals(toWatch)) {
            fail("the detector watches " + server.monitor.watched + ", to be watched are " + toWatch);
        }
    }

    private void look(Entity entity) {
        var name = entity.name();
        if (entity.process() != null != (entity.status() == Status.RUNNING)) {
            fail(name + " is " + entity.status() + " with process " + entity.process());
        }
        if (entity.pending() != null && (entity.status() == Status.RUNNING || entity.status() == Status.UNATTACHED)) {
            fail(name + " is " + entity.status() + " and " + entity.pending() + " is in flight");
        }
        if (entity.status() == Status.STARTING && entity.pending() == null) {
            fail(name + " is starting and nothing is in flight");
        }
        for (var lane : entity.lanes()) {
            for (var i = 0; i < lane.runs().size(); i++) {
                if (i == 0 != (lane.runs().get(i).invocation() != null)) {
                    fail(name + ": run " + i + " of lane " + lane.key() + " has in flight "
                            + lane.runs().get(i).invocation());
                }
            }
        }
        var ends = entity.status() == Status.DEAD || entity.status() == Status.DETACHING;
        if (ends && entity.lanes().isEmpty() && entity.pending() == null) {
            fail(name + " is " + entity.status() + " and waits for nothing");
        }
        var restarts = entity.conditions().stream()
                .flatMap(c -> c.actions().stream())
                .filter(Action::restarts)
                .count();
        if (restarts > 1) {
            fail(name + " has " + restarts + " restart actions");
        }
    }

    private static HashMap<String, ProcessId> toWatch(State state) {
        var all = new HashMap<String, ProcessId>();
        if (state.suspended()) {
            return all;
        }
        for (var entity : state.entities().values()) {
            if (entity.isMonitored()) {
                all.put(entity.name(), Objects.requireNonNull(entity.process()));
            }
        }
        return all;
    }
}
