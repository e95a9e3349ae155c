package org.ham.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ham.api.Event;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Run;
import org.ham.core.engine.State;

final class RunsAreFinished extends Audit {
    private final Map<Long, Promise> promised = new LinkedHashMap<>();
    private final Map<Long, Set<String>> begun = new HashMap<>();
    private final Map<String, Long> excused = new HashMap<>();
    private State looked = State.empty();

    /** The actions of a run, as they were when it was first seen. */
    private record Promise(String entity, String owner, Set<String> actions) {}

    RunsAreFinished(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "Each action of a condition that became true is begun or skipped, unless somebody took it away.";
    }

    @Override
    void line(Event event) {
        switch (event.type()) {
            case "action-started", "action-skipped" -> {
                if (event.cause().isPresent() && event.action().isPresent()) {
                    begun.computeIfAbsent(event.cause().getAsLong(), _ -> new HashSet<>())
                            .add(event.action().get());
                }
            }
            case "detached", "entity-changed", "condition-removed", "action-removed", "pruned", "list-broken-off" -> {
                excused.put(event.entity().orElse(""), event.seq());
                var owner = Archive.word(event, "owner");
                if (!owner.isEmpty()) {
                    excused.put(owner, event.seq());
                }
            }
            default -> {}
        }
    }

    @Override
    void after() {
        var leader = world.leader();
        if (leader == null || leader.state() == looked || leader.state().seq() != world.archive.seq()) {
            return;
        }
        looked = leader.state();
        var there = new HashSet<Long>();
        for (var entity : looked.entities().values()) {
            for (var lane : entity.lanes()) {
                for (var run : lane.runs()) {
                    there.add(run.seq());
                    promise(entity, run);
                }
            }
        }
        promised.entrySet().removeIf(each -> {
            if (there.contains(each.getKey())) {
                return false;
            }
            settle(each.getKey(), each.getValue());
            return true;
        });
    }

    private void promise(Entity entity, Run run) {
        promised.computeIfAbsent(run.seq(), _ -> new Promise(entity.name(), run.owner(), new TreeSet<>()));
        if (run.invocation() != null && !run.todo().isEmpty()) {
            // The line of it may be among those that were lost.
            begun.computeIfAbsent(run.seq(), _ -> new HashSet<>())
                    .add(run.todo().getFirst().name());
        }
        run.todo().forEach(action -> promised.get(run.seq()).actions().add(action.name()));
    }

    private void settle(long run, Promise promise) {
        if (excused.getOrDefault(promise.entity(), 0L) > run || excused.getOrDefault(promise.owner(), 0L) > run) {
            return;
        }
        var missing = new TreeSet<>(promise.actions());
        missing.removeAll(begun.getOrDefault(run, Set.of()));
        if (!missing.isEmpty()) {
            fail("the run of line " + run + " of " + promise.entity() + " is gone, and " + missing + " never began");
        }
    }

    @Override
    void linesLost() {
        promised.clear();
    }
}
