package org.ham.simulation;

import org.ham.api.Event;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.ham.journal.JournalGapException;
import org.ham.journal.JournalReader;
import org.ham.journal.SimulatedDisk;
import org.jspecify.annotations.Nullable;

/** Reads every line as soon as it is in the journal, and hands it to the audits. What counts is what stands there. */
final class Archive {
    /** One who only looks. */
    static final SimulatedDisk.Toucher NOBODY = new SimulatedDisk.Toucher() {
        @Override
        public void touch(String what) {
            // Nobody dies of looking.
        }

        @Override
        public int written(int bytes) {
            throw new UnsupportedOperationException("who only looks writes nothing");
        }

        @Override
        public Error die() {
            throw new UnsupportedOperationException("who only looks does not die");
        }
    };

    private final World world;
    private final Journal journal;
    private @Nullable JournalReader reader;
    private long version = -1;
    private long seq;
    private long changedAt;

    Archive(World world) {
        this.world = world;
        this.journal = world.settings.journal(world.disk, NOBODY);
    }

    Journal journal() {
        return journal;
    }

    /** The last line that stands in the journal. */
    long seq() {
        return seq;
    }

    /** When a line came last. */
    long changedAt() {
        return changedAt;
    }

    /** Takes in what is new. */
    void look() {
        if (version == world.disk.version()) {
            return;
        }
        version = world.disk.version();
        try {
            read();
        } catch (JournalGapException e) {
            reader = null;
            version = -1;
        }
    }

    private void read() {
        var from = reader;
        if (from == null) {
            from = journal.readAfter(seq);
            reader = from;
        }
        for (var batch = from.next(); batch.isPresent(); batch = from.next()) {
            take(batch.get());
        }
    }

    private void take(Batch batch) {
        if (batch.lastSeq() <= seq) {
            return;
        }
        world.audits.batch(seq, batch);
        if (batch.events().getFirst().type().equals(Journal.LOST)) {
            world.trace.add("lines up to " + batch.lastSeq() + " are given up");
            world.count("lines given up");
            world.linesLost = true;
            world.linesGivenUp = true;
            world.lostUpTo = Math.max(world.lostUpTo, Math.max(batch.lastSeq(), world.lastState.seq()));
            world.audits.linesLost();
        }
        seq = batch.lastSeq();
        changedAt = world.kernel.mono();
        for (var event : batch.events()) {
            world.trace.add(text(event));
            world.audits.line(event);
        }
    }

    private static String text(Event event) {
        return "  " + event.seq() + " e" + event.epoch() + " " + event.type()
                + event.entity().map(e -> " " + e).orElse("")
                + event.condition().map(c -> "/" + c).orElse("")
                + event.action().map(a -> "/" + a).orElse("")
                + (event.pid().isPresent() ? " pid " + event.pid().getAsLong() : "")
                + event.outcome().map(o -> " " + o).orElse("");
    }

    /** The number an event has in its data, 0 when it has none. */
    static long number(Event event, String key) {
        return event.data().get(key) instanceof Number number ? number.longValue() : 0;
    }

    /** The word an event has in its data, empty when it has none. */
    static String word(Event event, String key) {
        return event.data().get(key) instanceof String word ? word : "";
    }
}
