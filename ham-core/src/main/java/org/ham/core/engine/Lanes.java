package org.ham.core.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ham.api.ActionFlag;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.HamPath;
import org.jspecify.annotations.Nullable;

/** How conditions become runs, and runs become actions, one after the other. Pure; see the package's text. */
final class Lanes {
    private Lanes() {}

    /** Puts a run into a lane for every condition that an event makes true: the entity's own first, then the global ones. */
    static void fire(Step step, String name, Trigger trigger) {
        var entity = step.get(name);
        if (!entity.enabled()) {
            return;
        }
        for (var condition : entity.conditions()) {
            enqueue(step, name, name, condition, trigger);
        }
        if (step.state.global().enabled()) {
            for (var condition : step.state.global().conditions()) {
                enqueue(step, name, HamPath.GLOBAL, condition, trigger);
            }
        }
    }

    private static void enqueue(Step step, String name, String owner, Condition condition, Trigger trigger) {
        if (condition.matches(trigger)) {
            add(step, name, owner, condition, trigger);
        }
    }

    private static void add(Step step, String name, String owner, Condition condition, Trigger trigger) {
        var entity = step.get(name);
        var key = condition.lane(owner);
        var lane = entity.lane(key).orElseGet(() -> new Lane(key, List.of()));
        if (lane.runs().size() >= step.limits.runs()) {
            step.tell(line("run-dropped", name, owner, condition.name(), null)
                    .cause(trigger.seq())
                    .outcome("failed: " + lane.runs().size() + " runs wait in lane " + key
                            + " already, the most there may be"));
            return;
        }
        var seq = step.tell(line("condition-true", name, owner, condition.name(), null)
                .pid(trigger.pid())
                .cause(trigger.seq())
                .put("event", trigger.type().word()));
        step.put(entity.with(lane.with(Run.of(owner, condition, seq, trigger))));
    }

    /** Runs an action once, out of turn, because it was added with {@code do-now}. */
    static void doNow(Step step, String name, Condition condition, Action action, long cause) {
        var trigger = new Trigger(condition.type(), cause, step.time(), 0, null, Map.of());
        var entity = step.get(name);
        var key = condition.lane(name);
        var lane = entity.lane(key).orElseGet(() -> new Lane(key, List.of()));
        var run = new Run(name, condition.name(), cause, trigger, List.of(action), null, null, 0, 0);
        step.put(entity.with(lane.with(run)));
    }

    /** Starts whatever can be started in the lanes of an entity, and lets the entity go if it is over with it. */
    static void drain(Step step, String name) {
        for (var lane : step.get(name).lanes()) {
            drain(step, name, lane.key());
        }
        settle(step, name);
    }

    private static void drain(Step step, String name, String key) {
        while (true) {
            var entity = step.get(name);
            var lane = entity.lane(key).orElse(null);
            if (lane == null || lane.head().invocation() != null) {
                return;
            }
            var run = lane.head();
            if (run.todo().isEmpty()) {
                step.put(entity.with(lane.withoutHead()));
            } else if (run.failing() != null && run.failing().isEmpty()) {
                step.put(entity.with(lane.withHead(run)));
                afterFailure(step, name, key);
            } else if (!start(step, name, lane, run)) {
                return;
            }
        }
    }

    /** Starts the current action; true when it was over at once. */
    private static boolean start(Step step, String name, Lane lane, Run run) {
        var action = run.current();
        if (run.failing() == null && !isEnabled(step, run, action)) {
            step.tell(line("action-skipped", name, run.owner(), run.condition(), action.name())
                    .cause(run.seq())
                    .outcome("ok: it is disabled"));
            return next(step, name, lane, run);
        }
        if (action.restarts()) {
            return Lifecycle.restart(step, name, lane, run, action);
        }
        var invocation = step.invocation();
        var line = line(
                        "action-started",
                        name,
                        run.owner(),
                        run.condition(),
                        run.todo().getFirst().name())
                .cause(run.failing() == null ? run.seq() : run.failedSeq())
                .put("type", action.type())
                .put("invocation", invocation);
        if (run.failing() != null) {
            line.put("failItem", action.name());
        }
        var seq = step.tell(line);
        var flying = run.inFlight(invocation, seq);
        step.put(step.get(name).with(lane.withHead(flying)));
        step.effect(invoke(step.get(name), flying, false));
        return false;
    }

    /** The effect that carries out what a run has in flight. */
    static Effect invoke(Entity entity, Run run, boolean resumed) {
        return new Effect.Invoke(
                entity.name(),
                java.util.Objects.requireNonNull(run.invocation()),
                run.owner(),
                run.condition(),
                run.current(),
                run.todo().getFirst().name(),
                run.trigger(),
                entity.process(),
                resumed);
    }

    /** Goes on to the next action of a run; always true, so that the caller drains on. */
    static boolean next(Step step, String name, Lane lane, Run run) {
        var rest = run.todo().subList(1, run.todo().size());
        step.put(step.get(name).with(lane.withHead(run.withTodo(rest))));
        return true;
    }

    /** Takes in the outcome of what a lane has in flight, which a line has told. */
    static void finished(Step step, String name, String key, boolean ok, long seq) {
        var lane = step.get(name).lane(key).orElseThrow();
        var run = lane.head();
        if (run.failing() != null) {
            // A failing fail item is only told of; the next one runs all the same.
            step.put(step.get(name)
                    .with(lane.withHead(run.withFailing(
                            run.failing().subList(1, run.failing().size()), run.failedSeq()))));
        } else if (ok) {
            next(step, name, lane, run);
        } else {
            fail(step, name, lane, run, seq);
        }
    }

    /** Turns a run to the fail items of its current action, whose failure a line has told. */
    static void fail(Step step, String name, Lane lane, Run run, long seq) {
        step.put(step.get(name)
                .with(lane.withHead(run.withFailing(run.todo().getFirst().onFail(), seq))));
    }

    /** The fail items have run: removes the failed action unless it is kept, and breaks off or goes on. */
    private static void afterFailure(Step step, String name, String key) {
        var lane = step.get(name).lane(key).orElseThrow();
        var run = lane.head();
        var action = run.todo().getFirst();
        if (action.has(ActionFlag.BREAK_ON_FAIL) && run.todo().size() > 1) {
            step.tell(line("list-broken-off", name, run.owner(), run.condition(), action.name())
                    .cause(run.seq())
                    .outcome("ok: " + (run.todo().size() - 1) + " further actions skipped"));
        }
        var rest = action.has(ActionFlag.BREAK_ON_FAIL)
                ? List.<Action>of()
                : run.todo().subList(1, run.todo().size());
        step.put(step.get(name).with(lane.withHead(run.withTodo(rest))));
        if (!action.has(ActionFlag.KEEP_ON_FAIL)) {
            removeFailed(step, name, run, action);
        }
    }

    private static void removeFailed(Step step, String name, Run run, Action action) {
        var owner = step.state.entity(run.owner()).orElse(null);
        var condition = owner == null ? null : owner.condition(run.condition()).orElse(null);
        if (owner == null
                || condition == null
                || condition.action(action.name()).isEmpty()) {
            return;
        }
        purge(step, name, run.owner(), run.condition(), action.name());
        step.tell(line("pruned", name, run.owner(), run.condition(), action.name())
                .cause(run.seq())
                .put("why", "it failed and is not flagged keep-on-fail"));
        var left = condition.without(action.name());
        dropIfEmpty(step, run.owner(), left, run.seq());
    }

    /** Puts a condition back, or lets it go if its last action went and nothing keeps it. */
    static void dropIfEmpty(Step step, String owner, Condition condition, long cause) {
        if (condition.actions().isEmpty() && !condition.has(ConditionFlag.KEEP_ON_EMPTY)) {
            step.tell(line("pruned", owner, owner, condition.name(), null)
                    .cause(cause)
                    .put("why", "its last action went and it is not flagged keep-on-empty"));
            step.put(step.get(owner).without(condition.name()));
        } else {
            step.put(step.get(owner).with(condition));
        }
    }

    /**
     * Takes a removed condition or action out of all that waits, so that what was removed does not run any more.
     *
     * @param name the entity whose lanes are meant
     * @param action null for the whole condition
     */
    static void purge(Step step, String name, String owner, String condition, @Nullable String action) {
        var entity = step.state.entity(name).orElse(null);
        if (entity == null) {
            return;
        }
        for (var lane : entity.lanes()) {
            var runs = new ArrayList<Run>();
            for (int i = 0; i < lane.runs().size(); i++) {
                var run = lane.runs().get(i);
                if (!run.owner().equals(owner) || !run.condition().equals(condition)) {
                    runs.add(run);
                } else if (action != null) {
                    runs.add(run.purged(action));
                } else if (i == 0) {
                    runs.add(run.cutShort());
                }
            }
            entity = entity.with(new Lane(lane.key(), runs));
        }
        step.put(entity);
    }

    /** Leaves nothing in the lanes but what is in flight. */
    static void cutShort(Step step, String name) {
        var entity = step.get(name);
        for (var lane : entity.lanes()) {
            entity = entity.with(new Lane(lane.key(), List.of(lane.head().cutShort())));
        }
        step.put(entity);
    }

    /** Lets an entity go, or keeps it without a process, when it is dead or detached and its lists have run. */
    private static void settle(Step step, String name) {
        var entity = step.get(name);
        if (!entity.lanes().isEmpty() || entity.pending() != null) {
            return;
        }
        switch (entity.status()) {
            case DETACHING -> Lifecycle.forget(step, name, "it was detached");
            case DEAD -> Lifecycle.bury(step, name);
            case UNATTACHED, STARTING, RUNNING -> {}
        }
    }

    /** An action is switched off by itself, by its condition or by its entity; one that was pruned meanwhile is not. */
    private static boolean isEnabled(Step step, Run run, Action action) {
        var owner = step.state.entity(run.owner()).orElse(null);
        if (owner == null) {
            return true;
        }
        var condition = owner.condition(run.condition()).orElse(null);
        return owner.enabled()
                && (condition == null
                        || (condition.enabled()
                                && condition
                                        .action(action.name())
                                        .map(Action::enabled)
                                        .orElse(true)));
    }

    /** A line about a condition or action; {@code owner} is where it stands, {@code name} whose event it was. */
    static Line line(String type, String name, String owner, @Nullable String condition, @Nullable String action) {
        var line = Line.of(type).entity(name).condition(condition).action(action);
        return owner.equals(name) ? line : line.put("owner", owner);
    }

    /** The trigger of an event that happens in this step. */
    static Trigger trigger(Step step, ConditionType type, long seq, long pid) {
        return new Trigger(type, seq, step.time(), pid, null, Map.of());
    }
}
