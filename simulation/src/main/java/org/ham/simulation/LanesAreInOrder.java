package org.ham.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ham.api.Event;
import org.ham.spi.Invocation;

final class LanesAreInOrder extends Audit {
    private final Map<String, Long> runs = new HashMap<>();

    /** The line that brought the entity of this name. */
    private final Map<String, Long> since = new HashMap<>();

    private final Set<String> over = new HashSet<>();
    private final Map<String, Place> reached = new HashMap<>();

    /** A place in a lane: the run, and the action in it. */
    private record Place(long run, int action) {
        boolean isBefore(Place other) {
            return run < other.run || run == other.run && action < other.action;
        }
    }

    LanesAreInOrder(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "The actions of a lane run in their order, one run after the other, and none again after its outcome.";
    }

    @Override
    void line(Event event) {
        switch (event.type()) {
            case "condition-true" ->
                runs.put(
                        key(
                                event.entity().orElse(""),
                                Archive.word(event, "owner"),
                                event.condition().orElse(""),
                                event.cause().orElse(0)),
                        event.seq());
            case "entity-added" -> since.put(event.entity().orElse(""), event.seq());
            case "action-done", "action-failed" -> over.add(Archive.word(event, "invocation"));
            default -> {}
        }
    }

    private static String key(String entity, String owner, String condition, long trigger) {
        return entity + " " + (owner.isEmpty() ? entity : owner) + "/" + condition + " " + trigger;
    }

    @Override
    void acted(Node by, Invocation<?> invocation) {
        if (by.usurped || !by.leads() || by.state().seq() != world.archive.seq()) {
            return;
        }
        if (over.contains(invocation.id())) {
            fail(invocation.id() + " runs after its outcome was told");
        }
        var path = invocation.path();
        var condition = path.condition().orElse("");
        var trigger = invocation.event().seq();
        if (trigger <= world.lostUpTo) {
            // The line that tells its place may be lost.
            return;
        }
        if (trigger < since.getOrDefault(invocation.entity(), 0L)) {
            // It was in flight when its entity left the tree; another one of that name has lanes of its own.
            return;
        }
        var run = runs.getOrDefault(key(invocation.entity(), path.entity(), condition, trigger), trigger);
        var place = new Place(run, Integer.parseInt(path.action().orElse("w0").substring(1)));
        var lane = invocation.entity() + " "
                + switch (condition) {
                    case "n" -> "no-wait";
                    case "i" -> path.entity() + "/i";
                    default -> "other";
                };
        var before = reached.put(lane, place);
        if (before != null && place.isBefore(before)) {
            fail(invocation.path() + " of line " + run + " runs in lane " + lane + " after action " + before.action()
                    + " of line " + before.run());
        }
    }

    @Override
    void linesLost() {
        runs.clear();
        since.clear();
        over.clear();
        reached.clear();
    }
}
