package org.ham.simulation;

import java.util.ArrayList;
import org.ham.core.SimulatedCore;
import org.ham.core.engine.State;

final class CopiesAgree extends Audit {
    private static final int MOST = 600;

    /** A look costs as much as some steps, and what differs differs for a while. */
    private static final int ONE_IN = 8;

    private State compared = State.empty();
    private boolean fresh;
    private int leads;
    private int copies;

    CopiesAgree(World world) {
        super(world);
    }

    @Override
    String sentence() {
        return "The Guardian's copy, the newest snapshot with what follows, and all lines from the first give the HAM's own state.";
    }

    @Override
    void led(Node node) {
        fresh = true;
    }

    @Override
    void after() {
        var leader = world.leader();
        if (leader == null || world.linesLost || leader.state().seq() != world.archive.seq()) {
            return;
        }
        if (fresh) {
            fresh = false;
            if (++leads % 2 == 0) {
                replay(leader);
            }
        }
        for (var node : world.nodes) {
            if (node.standsBy()
                    && node.state().seq() == leader.state().seq()
                    && node.state() != compared
                    && ++copies % ONE_IN == 0) {
                compared = node.state();
                compare("the Guardian's copy", leader.state(), compared);
            }
        }
    }

    private void replay(Node leader) {
        compare(
                "what a new process reads",
                leader.state(),
                SimulatedCore.replay(new BlindHost(), world.archive.journal()));
    }

    @Override
    void atRest() {
        var leader = java.util.Objects.requireNonNull(world.leader());
        replay(leader);
        if (world.settings.keepsAll() && !world.linesGivenUp) {
            compare("what comes of all lines", leader.state(), SimulatedCore.replayAll(world.archive.journal()));
        }
        for (var node : world.nodes) {
            if (node.standsBy()) {
                compare("the Guardian's copy", leader.state(), node.state());
            }
        }
    }

    private void compare(String what, State original, State copy) {
        var is = SimulatedCore.comparable(original);
        var other = SimulatedCore.comparable(copy);
        if (!is.equals(other)) {
            fail(what + " differs: " + difference(is, other));
        }
    }

    private static String difference(State original, State copy) {
        var parts = new ArrayList<String>();
        if (original.seq() != copy.seq()) {
            parts.add("line " + original.seq() + " and " + copy.seq());
        }
        original.entities().forEach((name, entity) -> {
            if (!entity.equals(copy.entities().get(name))) {
                parts.add(brief(entity) + " and "
                        + brief(String.valueOf(copy.entities().get(name))));
            }
        });
        copy.entities().forEach((name, entity) -> {
            if (!original.entities().containsKey(name)) {
                parts.add("nothing and " + brief(entity));
            }
        });
        if (!original.requests().equals(copy.requests())) {
            parts.add("requests " + original.requests().order() + " and "
                    + copy.requests().order());
        }
        if (parts.isEmpty()) {
            parts.add(brief(original.global()) + " " + original.alarms() + " and " + brief(copy.global()) + " "
                    + copy.alarms() + "; " + rest(original) + " and " + rest(copy));
        }
        return String.join("; ", parts);
    }

    private static String rest(State state) {
        return state.instance() + " " + state.hamPid() + " " + state.epoch() + " " + state.since() + " "
                + state.stopped()
                + " " + state.guardianPid() + " " + state.guardianReady() + " " + state.hamFailures() + " "
                + state.guardianFailures() + " " + state.verbosity() + " " + state.suspended();
    }

    private static String brief(Object what) {
        var text = String.valueOf(what);
        return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    }
}
