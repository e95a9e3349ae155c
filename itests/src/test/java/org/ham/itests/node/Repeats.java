package org.ham.itests.node;

import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.ham.api.Event;

/**
 * Knows which actions may have come twice. An action is at least once: it is resumed when the lead or the core changes while it runs, or when
 * the plug-in that it runs in goes away for another version of it or of what it stands on. At any other time it comes once. Thread-safe.
 */
final class Repeats {
    /** The HAM goes on in another process or another core. */
    private static final Set<String> CHANGES = Set.of("ham-resumed", "took-over", "ham-started");

    /** What all actions stand on; the core and what that stands on show in the journal. */
    private static final Set<String> FOUNDATIONS = Set.of(
            "org.ham.api",
            "org.ham.linux",
            "org.apache.felix.scr",
            "org.osgi.service.component",
            "org.osgi.util.function",
            "org.osgi.util.promise");

    /** What some stand on besides their own bundle: processes are started and watched by one, programs are reached through the other. */
    private static final Map<String, Set<String>> ALSO = Map.of(
            "execute", Set.of("org.ham.detector.process"),
            "notify-pulse", Set.of("org.ham.control", "com.google.gson"));

    private final Doings doings;
    private final NavigableSet<Long> changes = new ConcurrentSkipListSet<>();

    Repeats(Doings doings) {
        this.doings = doings;
    }

    /** One run of an action, from the line of its begin to that of its outcome. */
    record Run(String type, long fromSeq, long from, long toSeq, long to) {
        static Run of(Event begun, Event over) {
            return new Run(
                    String.valueOf(begun.data().get("type")), begun.seq(), begun.mono(), over.seq(), over.mono());
        }
    }

    void hear(Event event) {
        if (CHANGES.contains(event.type())) {
            changes.add(event.seq());
        }
    }

    /** Counts those that came twice by what was done; fails for one that had no reason to. */
    Map<String, Integer> explain(Iterable<Run> twice) {
        var counts = new TreeMap<String, Integer>();
        for (var run : twice) {
            var done = doings.between(run.from, run.to);
            var own = "org.ham.action." + run.type.replace('-', '.');
            var reasons = new TreeSet<>(done);
            reasons.removeIf(what -> !what.equals(own)
                    && !FOUNDATIONS.contains(what)
                    && !ALSO.getOrDefault(run.type, Set.of()).contains(what));
            if (reasons.isEmpty()
                    && changes.subSet(run.fromSeq, false, run.toSeq, false).isEmpty()) {
                throw new AssertionError(run + " came twice, and there was only " + done);
            }
            counts.merge(run.type + " during " + done, 1, Integer::sum);
        }
        return counts;
    }
}
