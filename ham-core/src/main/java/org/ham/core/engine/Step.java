package org.ham.core.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ham.api.Event;
import org.jspecify.annotations.Nullable;

/** What one step has come to so far: the state, the lines, the effects. Confined to one step. */
final class Step {
    final Stamp stamp;
    final Limits limits;
    State state;
    private final State before;
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Event> lines = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();

    Step(State state, Stamp stamp, Limits limits) {
        this.state = state;
        this.before = state;
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
        touched.add(entity.name());
        state = state.with(entity);
    }

    void remove(String entity) {
        touched.add(entity);
        state = state.without(entity);
    }

    /** An entity that is known to exist. */
    Entity get(String name) {
        return state.entity(name).orElseThrow(() -> new IllegalStateException("no entity " + name));
    }

    /** All entities but the global one, in an order that is the same in every fold. */
    List<Entity> sorted() {
        return state.entities().values().stream()
                .sorted(Comparator.comparing(Entity::name))
                .toList();
    }

    String time() {
        return stamp.time().toString();
    }

    /** An id no other start or action run of this journal has. */
    String invocation() {
        return state.instance() + "-" + nextSeq();
    }

    Decision decision() {
        tellMonitors();
        return new Decision(state.at(nextSeq() - 1, stamp.epoch()), lines, effects, null);
    }

    /** Has beats watched that are to be watched now and were not, or otherwise; and those no more that are not to be. */
    private void tellMonitors() {
        if (state.suspended() != before.suspended()) {
            touched.addAll(state.entities().keySet());
        }
        for (var name : touched) {
            var was = monitor(before, name);
            var is = monitor(state, name);
            if (is != null && !is.equals(was)) {
                effect(is);
            } else if (is == null && was != null) {
                effect(new Effect.Forget(name));
            }
        }
    }

    private static Effect.@Nullable Monitor monitor(State in, String name) {
        var entity = in.suspended() ? null : in.entity(name).orElse(null);
        if (entity == null || !entity.isMonitored()) {
            return null;
        }
        var health = entity.health();
        return new Effect.Monitor(
                name,
                Objects.requireNonNull(entity.process()),
                Objects.requireNonNull(health.heartbeat()),
                health.beating(),
                health.since());
    }
}
