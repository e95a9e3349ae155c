package org.ham.simulation;

import java.util.HashSet;
import java.util.Set;
import org.ham.api.Event;

final class IdsAreUnique extends Audit {
    private final Set<String> begun = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    IdsAreUnique(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "An invocation id is given once, and has one outcome.";
    }

    @Override
    void line(Event event) {
        var id = Archive.word(event, "invocation");
        if (id.isEmpty()) {
            return;
        }
        var once = switch (event.type()) {
            case "start-intended", "action-started" -> begun.add(id);
            case "started", "start-failed", "action-done", "action-failed" -> ended.add(id);
            default -> true;
        };
        if (!once) {
            fail("line " + event.seq() + ", " + event.type() + ", is the second of its kind for " + id);
        }
    }
}
