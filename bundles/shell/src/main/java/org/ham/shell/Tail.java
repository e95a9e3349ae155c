package org.ham.shell;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.Event;

/** Passes events on, all of them or only the last few. Confined to one thread. */
final class Tail {
    private final Optional<Integer> most;
    private final Consumer<Event> next;
    private final ArrayDeque<Event> kept = new ArrayDeque<>();

    Tail(Optional<Integer> most, Consumer<Event> next) {
        this.most = most;
        this.next = next;
    }

    void accept(Event event) {
        if (most.isEmpty()) {
            next.accept(event);
            return;
        }
        kept.addLast(event);
        if (kept.size() > most.get()) {
            kept.removeFirst();
        }
    }

    void flush() {
        kept.forEach(next);
        kept.clear();
    }
}
