package org.ham.simulation;

import java.util.List;
import java.util.function.Consumer;
import org.ham.api.Event;
import org.ham.api.ProcessId;
import org.ham.journal.Batch;
import org.ham.spi.Invocation;

/** All audits; each is told of everything. */
final class Audits {
    private final List<Audit> all;

    Audits(World world) {
        all = List.of(
                new LinesAreWhole(world),
                new IdsAreUnique(world),
                new StartsHappenOnce(world),
                new StateIsSound(world),
                new LanesAreInOrder(world),
                new RunsAreFinished(world),
                new RequestsAreKept(world),
                new OneLeads(world),
                new UpgradesEnd(world),
                new LastWordsAreHeard(world),
                new CopiesAgree(world),
                // These say what is wrong, the last one what it left behind.
                new DeathsAreTold(world),
                new SteadyOnesRun(world),
                new NothingIsLeft(world));
    }

    List<Audit> all() {
        return all;
    }

    private void each(Consumer<Audit> call) {
        for (var audit : all) {
            call.accept(audit);
        }
    }

    void batch(long last, Batch batch) {
        each(audit -> audit.batch(last, batch));
    }

    void line(Event event) {
        each(audit -> audit.line(event));
    }

    void after() {
        for (var i = 0; i < all.size(); i++) {
            all.get(i).after();
        }
    }

    void atRest() {
        each(Audit::atRest);
    }

    void led(Node node) {
        each(audit -> audit.led(node));
    }

    void usurped(Node node, boolean lockStolen) {
        each(audit -> audit.usurped(node, lockStolen));
    }

    void spawned(Node by, Proc proc) {
        each(audit -> audit.spawned(by, proc));
    }

    void dies(Proc proc) {
        each(audit -> audit.dies(proc));
    }

    void said(Node to, ProcessId who) {
        each(audit -> audit.said(to, who));
    }

    void acted(Node by, Invocation<?> invocation) {
        each(audit -> audit.acted(by, invocation));
    }

    void granted(Node by, String request) {
        each(audit -> audit.granted(by, request));
    }

    void linesLost() {
        each(Audit::linesLost);
    }
}
