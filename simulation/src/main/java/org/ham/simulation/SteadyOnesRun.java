package org.ham.simulation;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.ham.api.Event;
import org.ham.core.engine.Entity.Status;

final class SteadyOnesRun extends Audit {
    private final Set<String> attached = new HashSet<>();

    SteadyOnesRun(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "An entity with a restart action runs at rest, whatever died meanwhile, unless its start failed.";
    }

    @Override
    void line(Event event) {
        var entity = event.entity().orElse("");
        if (!Wishes.STEADY.contains(entity)) {
            return;
        }
        switch (event.type()) {
            // Also once it was started: that it was added may be among lines that are lost.
            case "entity-added", "started" -> attached.add(entity);
            case "start-failed" -> attached.remove(entity);
            default -> {}
        }
    }

    @Override
    void atRest() {
        var state = Objects.requireNonNull(world.leaderState());
        for (var name : attached) {
            var entity = state.entity(name).orElse(null);
            if (entity == null || entity.status() != Status.RUNNING) {
                fail(name + " is " + (entity == null ? "gone" : entity.status()));
            }
        }
    }

    @Override
    void linesLost() {
        attached.clear();
    }
}
