package org.ham.core;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ham.core.engine.Input;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the fold. What processes said of themselves comes first, all else in the order in which it was handed in.
 * Thread-safe; one thread takes out.
 */
final class Mailbox {
    private final Queue<Request> sayings = new ConcurrentLinkedQueue<>();
    private final Queue<Request> others = new ConcurrentLinkedQueue<>();

    void add(Request request) {
        (request.input() instanceof Input.Saying ? sayings : others).add(request);
    }

    /** Something a process said of itself; null when there is nothing. */
    @Nullable
    Request pollSaying() {
        return sayings.poll();
    }

    /** Whatever is next; null when nothing waits. */
    @Nullable
    Request poll() {
        var saying = sayings.poll();
        return saying != null ? saying : others.poll();
    }

    boolean isEmpty() {
        return sayings.isEmpty() && others.isEmpty();
    }

    int size() {
        return sayings.size() + others.size();
    }
}
