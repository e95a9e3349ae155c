package org.ham.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.Event;

/**
 * Finds the chain of causes behind an entity's last recovery: its last restart, or else the last outcome of an action,
 * or else its last death. Confined to one thread.
 */
final class Causes {
    private static final List<Set<String>> ENDS = List.of(
            Set.of("restarted"), Set.of("action-done", "action-failed", "start-failed"), Set.of("death", "started"));

    private final Map<Long, Event> events = new HashMap<>();
    private final String entity;
    private long seen;

    Causes(String entity) {
        this.entity = entity;
    }

    void add(Event event) {
        events.put(event.seq(), event);
        seen = Math.max(seen, event.seq());
    }

    /** From the first cause to the recovery; empty when the journal holds neither. */
    List<Event> chain() {
        return ENDS.stream()
                .map(this::last)
                .flatMap(Optional::stream)
                .findFirst()
                .map(this::backwards)
                .orElse(List.of());
    }

    /** The death that came after the chain, when nothing has come of it yet. */
    Optional<Event> newerDeath(List<Event> chain) {
        return last(Set.of("death"))
                .filter(death ->
                        !chain.isEmpty() && death.seq() > chain.getLast().seq());
    }

    /** Whether the first of the chain names a cause that the journal no longer holds. */
    static boolean cutOff(List<Event> chain) {
        return !chain.isEmpty() && chain.getFirst().cause().isPresent();
    }

    private Optional<Event> last(Set<String> types) {
        return events.values().stream()
                .filter(event -> types.contains(event.type()))
                .filter(event -> event.entity().filter(entity::equals).isPresent())
                .max(Comparator.comparingLong(Event::seq));
    }

    private List<Event> backwards(Event end) {
        var chain = new ArrayDeque<Event>();
        var next = Optional.of(end);
        while (next.isPresent()) {
            var event = next.get();
            chain.addFirst(event);
            // A cause is always older; anything else would lead round in a circle.
            next = event.cause().isPresent() && event.cause().getAsLong() < event.seq()
                    ? Optional.ofNullable(events.get(event.cause().getAsLong()))
                    : Optional.empty();
        }
        return new ArrayList<>(chain);
    }
}
