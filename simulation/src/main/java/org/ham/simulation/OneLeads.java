package org.ham.simulation;

import java.util.List;
import java.util.Set;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.jspecify.annotations.Nullable;

final class OneLeads extends Audit {
    private static final Set<String> BEGINNINGS = Set.of("ham-started", "took-over", "ham-resumed");

    private long epoch;

    OneLeads(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "At most one process leads and one is its Guardian, or a few in an upgrade, and each epoch begins with the line of who writes it.";
    }

    @Override
    void batch(long last, Batch batch) {
        var type = batch.events().getFirst().type();
        if (batch.epoch() != epoch && !BEGINNINGS.contains(type) && !type.equals(Journal.LOST)) {
            fail("epoch " + batch.epoch() + " begins with line " + batch.firstSeq() + ", " + type);
        }
        if (batch.epoch() == epoch && BEGINNINGS.contains(type)) {
            fail("line " + batch.firstSeq() + ", " + type + ", is the second beginning of epoch " + epoch);
        }
        epoch = batch.epoch();
    }

    @Override
    void usurped(Node node, boolean lockStolen) {
        if (!lockStolen) {
            fail("another process leads while " + node + " does");
        }
    }

    @Override
    void after() {
        @Nullable Node found = null;
        for (var node : world.nodes) {
            if (node.leads() && !node.usurped) {
                if (found != null) {
                    fail(found + " and " + node + " lead");
                }
                found = node;
            }
        }
        guardians();
    }

    private void guardians() {
        if (world.faults.twoInOneFolder || world.upgraded) {
            // In an upgrade the next one comes before the last one goes, and what an earlier one left may still be
            // there.
            return;
        }
        for (var one : world.nodes) {
            var all = one.guards() == 0
                    ? List.of()
                    : world.nodes.stream()
                            .filter(other -> other.guards() == one.guards())
                            .toList();
            if (all.size() > 1) {
                fail(all + " are Guardians of " + one.guards());
            }
        }
    }
}
