package org.ham.core.engine;

import java.util.ArrayList;
import java.util.List;
import org.ham.api.Event;

/** What one step has come to so far: the state, the lines, the effects. Confined to one step. */
final class Step {
    final Stamp stamp;
    final Limits limits;
    State state;
    private final List<Event> lines = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();

    Step(State state, Stamp stamp, Limits limits) {
        this.state = state;
        this.stamp = stamp;
        this.limits = limits;
    }

    /** Adds a line and gives its number. */
    long tell(Line line) {
        var seq = nextSeq();
        lines.add(line.at(stamp, seq, lines.isEmpty()));
        return seq;
    }

    /** The number the next line will have. */
    long nextSeq() {
        return stamp.seq() + lines.size();
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    void put(Entity entity) {
        state = state.with(entity);
    }

    /** An entity that is known to exist. */
    Entity get(String name) {
        return state.entity(name).orElseThrow(() -> new IllegalStateException("no entity " + name));
    }

    String time() {
        return stamp.time().toString();
    }

    /** An id no other start or action run of this journal has. */
    String invocation() {
        return state.instance() + "-" + nextSeq();
    }

    Decision decision() {
        return new Decision(state.at(nextSeq() - 1, stamp.epoch()), lines, effects, null);
    }
}
