package org.ham.itests.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ham.api.Event;

/** The pulses that were sent for what programs raised, by the line of the raise. Confined to the thread that follows the journal, until it is over. */
final class Sendings {
    private final Map<Long, Long> raises = new HashMap<>();
    private final Map<Long, Event> begun = new HashMap<>();
    private final Map<Long, Repeats.Run> sent = new HashMap<>();

    /** A line about a board on which things are raised. */
    void hear(Event event) {
        var cause = event.cause().orElse(0);
        switch (event.type()) {
            case "condition-true" -> raises.put(event.seq(), cause);
            case "action-started" -> begun.put(event.seq(), event);
            case "action-done" -> {
                var from = begun.remove(cause);
                var raise = from == null ? null : raises.remove(from.cause().orElse(0));
                if (from != null && raise != null) {
                    sent.put(raise, Repeats.Run.of(from, event));
                }
            }
            default -> {}
        }
    }

    /** The runs that sent the pulses of these raises. */
    List<Repeats.Run> of(List<Long> raised) {
        return raised.stream()
                .map(seq -> {
                    var run = sent.get(seq);
                    if (run == null) {
                        throw new AssertionError("a pulse of line " + seq + ", which is no raise with an outcome");
                    }
                    return run;
                })
                .toList();
    }
}
