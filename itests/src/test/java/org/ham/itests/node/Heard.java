package org.ham.itests.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.ham.api.Event;
import org.ham.api.Ham;
import org.ham.api.Subscription;
import org.jspecify.annotations.Nullable;

/** The journal of a HAM as a connection hears it, from its first line on. Thread-safe. */
final class Heard implements AutoCloseable {
    private static final long NANOS_OF_MILLI = 1_000_000;

    private final Ham ham;
    private final List<Event> events = new ArrayList<>();
    private final Subscription subscription;

    Heard(Ham ham) {
        this.ham = ham;
        subscription = ham.subscribe(0, this::hear, why -> System.out.println("The journal is heard no more: " + why));
    }

    private synchronized void hear(Event event) {
        events.add(event);
        notifyAll();
    }

    /** Waits for the first such line. */
    synchronized Event await(String what, Predicate<Event> wanted) {
        var until = System.nanoTime() + HamInstance.PATIENCE.toNanos();
        var from = 0;
        while (true) {
            for (; from < events.size(); from++) {
                if (wanted.test(events.get(from))) {
                    return events.get(from);
                }
            }
            var left = until - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(what + " is not in the journal:\n" + text(events));
            }
            try {
                wait(left / NANOS_OF_MILLI + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Waits for the first line of a type about an entity that follows after a line. */
    Event await(String type, String entity, long after) {
        return await(
                type + " of " + entity,
                event -> event.seq() > after
                        && event.type().equals(type)
                        && event.entity().filter(entity::equals).isPresent());
    }

    /** Waits for the first line of a type about an entity. */
    Event await(String type, String entity) {
        return await(type, entity, 0);
    }

    /** All lines about an entity that the journal has by now. */
    List<Event> of(String entity) {
        // What comes meanwhile may end in the middle of what belongs together.
        return until(ham.tree().seq()).stream()
                .filter(event -> event.entity().filter(entity::equals).isPresent())
                .toList();
    }

    /** All lines up to one. */
    List<Event> until(long seq) {
        await("line " + seq, event -> event.seq() >= seq);
        synchronized (this) {
            return events.stream().filter(event -> event.seq() <= seq).toList();
        }
    }

    /** Those of a type, as {@code condition/action}. */
    List<String> of(String entity, String type) {
        return of(entity).stream()
                .filter(event -> event.type().equals(type))
                .map(event -> event.condition().orElse("")
                        + event.action().map(action -> "/" + action).orElse(""))
                .toList();
    }

    /** The types of the lines that led to a line, the first cause first, itself last. */
    synchronized List<String> causes(Event event) {
        var types = new ArrayList<String>();
        for (var line = event; line != null; line = cause(line)) {
            types.addFirst(line.type());
        }
        return types;
    }

    private @Nullable Event cause(Event event) {
        return event.cause().isEmpty()
                ? null
                : events.stream()
                        .filter(other -> other.seq() == event.cause().getAsLong())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no line " + event.cause()));
    }

    private static String text(List<Event> events) {
        var text = new StringBuilder();
        events.stream()
                .skip(Math.max(0, events.size() - 60))
                .forEach(event -> text.append(event).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
