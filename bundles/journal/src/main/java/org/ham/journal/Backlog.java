package org.ham.journal;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.jspecify.annotations.Nullable;

/** Batches that wait for the disk, in order; of too many the oldest are given up and counted. Not thread-safe. */
final class Backlog {
    /** Lines that were given up: one line that explains them, with the number and the time of the last. */
    record Lost(long from, Event last) {
        long to() {
            return last.seq();
        }

        Event event() {
            return new Event(
                    last.seq(),
                    last.epoch(),
                    last.time(),
                    last.mono(),
                    Journal.LOST,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.of(Actor.part("journal")),
                    Map.of("from", from, "to", to()));
        }
    }

    private final int most;
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private Optional<Lost> lost = Optional.empty();

    Backlog(int most) {
        this.most = most;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && lost.isEmpty();
    }

    void add(Batch batch) {
        if (waiting.size() >= most) {
            var oldest = waiting.remove();
            var from = lost.map(Lost::from).orElse(oldest.firstSeq());
            lost = Optional.of(new Lost(from, oldest.events().getLast()));
        }
        waiting.add(batch);
    }

    @Nullable
    Batch oldest() {
        return waiting.peek();
    }

    void remove() {
        waiting.remove();
    }

    Optional<Lost> lost() {
        return lost;
    }

    void lostIsTold() {
        lost = Optional.empty();
    }

    long lines() {
        return waiting.isEmpty()
                ? 0
                : waiting.getLast().lastSeq() - waiting.getFirst().firstSeq() + 1;
    }

    String describe() {
        var count = lines();
        return count + (count == 1 ? " line waits" : " lines wait") + " in memory"
                + lost.map(l -> ", " + (l.to() - l.from() + 1) + " before them are lost ("
                                + Findings.lines(l.from(), l.to()) + ")")
                        .orElse("");
    }
}
