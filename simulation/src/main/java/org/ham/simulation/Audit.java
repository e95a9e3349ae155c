package org.ham.simulation;

import org.ham.api.Event;
import org.ham.api.ProcessId;
import org.ham.journal.Batch;
import org.ham.spi.Invocation;

/** Looks whether one thing always holds. It is told of everything that happens, and keeps what it needs. */
abstract class Audit {
    final World world;

    Audit(World world) {
        this.world = world;
    }

    String name() {
        return getClass().getSimpleName();
    }

    /** What holds, in a sentence. */
    abstract String sentence();

    final void fail(String why) {
        world.fail(name(), sentence() + " But: " + why);
    }

    /** Lines that were written as one, after this last line. */
    void batch(long last, Batch batch) {}

    void line(Event event) {}

    /** A step is over. */
    void after() {}

    /** Everything has come to rest. */
    void atRest() {}

    /** A node has taken up the lead. */
    void led(Node node) {}

    /** A node leads although this one does, which may only be where somebody took its lock away. */
    void usurped(Node node, boolean lockStolen) {}

    void spawned(Node by, Proc proc) {}

    void dies(Proc proc) {}

    /** What a process said before it died was read and reported. */
    void said(Node to, ProcessId who) {}

    void acted(Node by, Invocation<?> invocation) {}

    void granted(Node by, String request) {}

    /** Lines were lost, as they may be while the disk takes none: what they told does not count. */
    void linesLost() {}
}
