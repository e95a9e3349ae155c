package org.ham.simulation;

import org.ham.api.Event;
import org.ham.journal.Batch;
import org.ham.journal.Journal;

final class LinesAreWhole extends Audit {
    private long epoch;
    private boolean lost;

    LinesAreWhole(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "Lines have numbers without gaps, epochs never fall, and a cause comes before what came of it.";
    }

    @Override
    void batch(long last, Batch batch) {
        var first = batch.events().getFirst();
        var begins = first.type().equals(Journal.LOST) ? Archive.number(first, "from") : batch.firstSeq();
        if (begins != last + 1 && !lost) {
            fail("line " + begins + " follows line " + last);
        }
        lost = first.type().equals(Journal.LOST);
        if (batch.epoch() < epoch) {
            fail("line " + batch.firstSeq() + " of epoch " + batch.epoch() + " follows one of epoch " + epoch);
        }
        epoch = batch.epoch();
    }

    @Override
    void line(Event event) {
        if (event.cause().isPresent() && event.cause().getAsLong() >= event.seq()) {
            fail("line " + event.seq() + " comes of line " + event.cause().getAsLong());
        }
    }

    @Override
    void linesLost() {
        lost = true;
    }
}
