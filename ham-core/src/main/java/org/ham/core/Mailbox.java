package org.ham.core;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ham.core.engine.Input;
import org.jspecify.annotations.Nullable;

/** What waits for the fold; what processes said of themselves apart from all else. Thread-safe; one thread takes out. */
final class Mailbox {
    private final Queue<Request> sayings = new ConcurrentLinkedQueue<>();
    private final Queue<Request> others = new ConcurrentLinkedQueue<>();

    void add(Request request) {
        (isSaid(request.input()) ? sayings : others).add(request);
    }

    private static boolean isSaid(Input input) {
        return input instanceof Input.Saying || input instanceof Input.Missed missed && missed.isSaid();
    }

    /** The next thing that a process said; null when there is nothing. */
    @Nullable
    Request pollSaying() {
        return sayings.poll();
    }

    /** What is next, sayings last so that they hold up nobody else for long; null when nothing waits. */
    @Nullable
    Request poll() {
        var other = others.poll();
        return other != null ? other : sayings.poll();
    }

    boolean isEmpty() {
        return sayings.isEmpty() && others.isEmpty();
    }

    int size() {
        return sayings.size() + others.size();
    }
}
