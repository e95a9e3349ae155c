package org.ham.simulation;

import java.util.HashSet;
import java.util.Set;
import org.ham.journal.Batch;

final class RequestsAreKept extends Audit {
    private final Set<String> granted = new HashSet<>();
    private final Set<String> carriedOut = new HashSet<>();
    private boolean look;

    RequestsAreKept(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "A request that was granted stays granted whoever leads, and none is carried out twice.";
    }

    @Override
    void batch(long last, Batch batch) {
        var request = batch.events().getFirst().actor().map(a -> a.request()).orElse("");
        if (!request.isEmpty() && !carriedOut.add(request)) {
            fail("line " + batch.firstSeq() + " carries out " + request + " again");
        }
    }

    @Override
    void granted(Node by, String request) {
        if (by.usurped) {
            return;
        }
        // What asked for nothing new leaves no trace, and needs none.
        if (by.state().requests().known().containsKey(request)) {
            granted.add(request);
        }
    }

    @Override
    void led(Node node) {
        look = true;
    }

    @Override
    void atRest() {
        look = true;
    }

    @Override
    void after() {
        var state = world.leaderState();
        if (look && state != null) {
            look = false;
            for (var request : granted) {
                if (!state.requests().known().containsKey(request)) {
                    fail(request + " was granted, and the HAM of epoch " + state.epoch() + " does not know it");
                }
            }
        }
    }

    @Override
    void linesLost() {
        granted.clear();
    }
}
