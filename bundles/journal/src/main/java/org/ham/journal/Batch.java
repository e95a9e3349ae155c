package org.ham.journal;

import java.util.List;
import org.ham.api.Event;

/**
 * Events that are written and read as one: all of them or none. Immutable.
 *
 * @param events at least one, of one epoch, with consecutive numbers
 */
public record Batch(List<Event> events) {
    /** Refuses what is no batch. */
    public Batch {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch needs an event");
        }
        for (var i = 1; i < events.size(); i++) {
            var before = events.get(i - 1);
            var event = events.get(i);
            if (event.seq() != before.seq() + 1 || event.epoch() != before.epoch()) {
                throw new IllegalArgumentException("line " + event.seq() + " of epoch " + event.epoch()
                        + " cannot follow line " + before.seq() + " of epoch " + before.epoch() + " in one batch");
            }
        }
    }

    /** The number of the first event. */
    public long firstSeq() {
        return events.getFirst().seq();
    }

    /** The number of the last event. */
    public long lastSeq() {
        return events.getLast().seq();
    }

    /** The epoch of all its events. */
    public long epoch() {
        return events.getFirst().epoch();
    }
}
