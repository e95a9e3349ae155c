package org.ham.core.engine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ConditionType;
import org.ham.api.EntityFlag;
import org.ham.api.EntityKind;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.StartSpec;
import org.ham.core.engine.Entity.Status;
import org.jspecify.annotations.Nullable;

/** How entities come, run, die, are started again, and go. Pure; the table of it is {@code docs/states.md}. */
final class Lifecycle {
    private Lifecycle() {}

    /** A checked attach: of a new entity, of a placeholder's process, or an update. */
    static void attach(Step step, Input.Attach attach) {
        var known = step.state.entity(attach.entity()).orElse(null);
        var line = Line.of(known == null ? "entity-added" : "entity-changed").entity(attach.entity());
        var seq = step.tell(line);
        var entity = known != null
                ? known
                : added(step, attach.entity(), seq, step.stamp.actor().uid());
        if (entity.kind() != EntityKind.GLOBAL) {
            var keeps = known != null && !attach.update();
            entity = entity.withDefinition(
                    attach.start() == null && keeps ? entity.start() : attach.start(),
                    keeps ? union(entity.flags(), attach.flags()) : attach.flags(),
                    attach.heartbeat() == null && (keeps || entity.joined())
                            ? entity.health().heartbeat()
                            : attach.heartbeat());
        }
        step.put(entity);
        if (known != null
                && !Objects.equals(known.health().heartbeat(), entity.health().heartbeat())) {
            Signs.heal(step, attach.entity());
        }
        if (attach.update()) {
            Definitions.replaceAll(step, attach.entity(), attach.conditions(), seq);
        } else {
            Definitions.addAll(step, attach.entity(), attach.conditions(), seq);
        }
        provideProcess(step, attach, known == null, seq);
        Lanes.drain(step, attach.entity());
    }

    private static Entity added(Step step, String name, long seq, long owner) {
        return Entity.placeholder(name, EntityKind.PLACEHOLDER, step.time()).made(seq, owner);
    }

    private static Set<EntityFlag> union(Set<EntityFlag> some, Set<EntityFlag> others) {
        var all = EnumSet.noneOf(EntityFlag.class);
        all.addAll(some);
        all.addAll(others);
        return all;
    }

    // ---- processes that attach themselves ----

    /** Whether just this process has attached itself just so. */
    static boolean isJoined(State state, Input.AttachSelf input) {
        var known = state.entity(input.entity()).orElse(null);
        return known != null
                && known.joined()
                && known.runs(input.process())
                && Objects.equals(known.health().heartbeat(), input.heartbeat());
    }

    static @Nullable HamException checkAttachSelf(State state, Limits limits, Input.AttachSelf input) {
        var name = input.entity();
        var known = state.entity(name).orElse(null);
        if (name.equals(HamPath.GLOBAL)) {
            return new HamException(Code.INVALID, "the global entity has no process; attach under a name of your own");
        }
        var taken = Targets.taken(state, name, input.process());
        if (taken != null) {
            return taken;
        }
        if (known == null) {
            return state.entities().size() < limits.entities()
                    ? null
                    : new HamException(
                            Code.LIMIT, "there are " + limits.entities() + " entities, the most there may be");
        }
        var isItself = known.status() == Status.RUNNING
                && !known.joined()
                && (known.runs(input.process()) || Objects.equals(known.process(), input.within()));
        return canTakeProcess(known) || isItself
                ? null
                : new HamException(
                        Code.EXISTS,
                        "entity '" + name + "' exists and is " + Definitions.word(known.status())
                                + (known.process() == null ? "" : " as process " + known.process())
                                + "; attach under another name, or detach that one first");
    }

    /** A checked attach of a process by itself: as a new entity, for a placeholder, or after HAM (re)started it. */
    static void attachSelf(Step step, Input.AttachSelf input) {
        var known = step.state.entity(input.entity()).orElse(null);
        var runs = known != null && known.status() == Status.RUNNING;
        var seq = step.tell(Line.of(known == null ? "entity-added" : runs ? "joined" : "entity-changed")
                .entity(input.entity())
                .pid(input.process().pid()));
        var entity = known != null ? known : added(step, input.entity(), seq, input.owner());
        if (runs && !entity.runs(input.process())) {
            step.effect(new Effect.Unwatch(Objects.requireNonNull(entity.process())));
        }
        step.put(entity.withFlags(union(entity.flags(), input.flags()))
                .made(entity.id(), input.owner())
                .joined(input.process(), input.heartbeat(), step.stamp.mono()));
        if (!runs || !entity.runs(input.process())) {
            step.effect(new Effect.Watch(entity.name(), input.process()));
        }
        if (!runs) {
            var pid = input.process().pid();
            var line =
                    step.tell(Line.of("attached").entity(entity.name()).pid(pid).cause(seq));
            Lanes.fire(step, entity.name(), Lanes.trigger(step, ConditionType.ATTACH, line, pid));
        }
        Lanes.drain(step, entity.name());
    }

    /** It attached itself and its connection broke, which is a death, whatever the process does. */
    static void lost(Step step, Input.Lost input) {
        step.tell(Line.of("connection-lost")
                .entity(input.entity())
                .pid(input.process().pid()));
        died(step, new Input.Died(input.entity(), input.process(), ExitReason.UNKNOWN));
    }

    private static void provideProcess(Step step, Input.Attach attach, boolean fresh, long seq) {
        var entity = step.get(attach.entity());
        if (entity.status() != Status.UNATTACHED) {
            return;
        }
        if (attach.process() != null) {
            step.put(entity.running(attach.process(), false, step.stamp.mono()));
            step.effect(new Effect.Watch(entity.name(), attach.process()));
            var line = step.tell(Line.of("attached")
                    .entity(entity.name())
                    .pid(attach.process().pid())
                    .cause(seq));
            Lanes.fire(
                    step,
                    entity.name(),
                    Lanes.trigger(
                            step, ConditionType.ATTACH, line, attach.process().pid()));
        } else if (attach.start() != null) {
            start(step, entity, attach.start(), false, fresh, seq);
        }
    }

    private static String start(Step step, Entity entity, StartSpec start, boolean restart, boolean fresh, long cause) {
        var invocation = step.invocation();
        var seq = step.tell(Line.of("start-intended")
                .entity(entity.name())
                .cause(cause)
                .put("invocation", invocation)
                .put("command", start.command()));
        var pending = entity.withPending(new Pending(invocation, start, restart, fresh, seq));
        step.put(restart ? pending : pending.withStatus(Status.STARTING));
        step.effect(new Effect.Start(entity.name(), invocation, start, false));
        return invocation;
    }

    /** The turn of a restart action has come; true when it was over at once. */
    static boolean restart(Step step, String name, Lane lane, Run run, Action action) {
        var entity = step.get(name);
        var cause = step.tell(Lanes.line("action-started", name, run.owner(), run.condition(), action.name())
                .cause(run.seq())
                .put("type", action.type()));
        var start = command(entity, action);
        if (entity.status() != Status.DEAD || entity.pending() != null || start == null) {
            var ok = entity.status() == Status.RUNNING;
            var seq = step.tell(Lanes.line(
                            ok ? "action-done" : "action-failed", name, run.owner(), run.condition(), action.name())
                    .cause(cause)
                    .outcome(
                            ok
                                    ? "ok: it runs already"
                                    : "failed: "
                                            + (start == null
                                                    ? "there is no command to start; give the action a command"
                                                    : "the entity is not dead but "
                                                            + Definitions.word(entity.status()))));
            if (ok) {
                return Lanes.next(step, name, lane, run);
            }
            Lanes.fail(step, name, lane, run, seq);
            return true;
        }
        var invocation = start(step, entity, start, true, false, cause);
        var latest = step.get(name);
        step.put(latest.with(lane.withHead(run.inFlight(invocation, cause))));
        return false;
    }

    private static @Nullable StartSpec command(Entity entity, Action action) {
        if (action.command() == null) {
            return entity.start();
        }
        return entity.start() == null
                ? StartSpec.of(action.command())
                : entity.start().withCommand(action.command());
    }

    static void started(Step step, Input.Started input) {
        var entity = step.get(input.entity());
        var pending = Objects.requireNonNull(entity.pending());
        var seq = step.tell(Line.of("started")
                .entity(entity.name())
                .pid(input.process().pid())
                .cause(pending.seq())
                .put("invocation", input.invocation())
                .put("startTime", input.process().startTime())
                .put("inode", input.process().inode())
                .put("boot", input.process().boot()));
        if (entity.status() == Status.DETACHING) {
            // Nobody watches it any more; the process lives on, as after any detach.
            step.put(entity.withPending(null));
            endRestart(step, input.entity(), input.invocation(), true, seq, "");
        } else {
            step.put(entity.running(input.process(), pending.restart(), step.stamp.mono()));
            step.effect(new Effect.Watch(entity.name(), input.process()));
            if (pending.restart()) {
                restarted(step, input, seq);
            } else {
                var line = step.tell(Line.of("attached")
                        .entity(entity.name())
                        .pid(input.process().pid())
                        .cause(seq));
                Lanes.fire(
                        step,
                        entity.name(),
                        Lanes.trigger(
                                step,
                                ConditionType.ATTACH,
                                line,
                                input.process().pid()));
            }
        }
        Lanes.drain(step, input.entity());
    }

    private static void restarted(Step step, Input.Started input, long seq) {
        endRestart(step, input.entity(), input.invocation(), true, seq, "");
        var entity = step.get(input.entity());
        var line = step.tell(Line.of("restarted")
                .entity(entity.name())
                .pid(input.process().pid())
                .cause(seq)
                .put("restarts", entity.restarts()));
        Lanes.fire(
                step,
                entity.name(),
                Lanes.trigger(step, ConditionType.RESTART, line, input.process().pid()));
        prune(step, entity.name(), line);
    }

    /** Takes the conditions and actions that do not rearm out of the tree; runs that wait keep theirs. */
    private static void prune(Step step, String name, long cause) {
        var entity = step.get(name);
        var kept = new ArrayList<Condition>();
        for (var condition : entity.conditions()) {
            if (!condition.rearms()) {
                step.tell(Lanes.line("pruned", name, name, condition.name(), null)
                        .cause(cause)
                        .put("why", "the entity was restarted and the condition does not rearm"));
                continue;
            }
            var actions = condition.actions().stream()
                    .filter(a -> a.rearms(condition.type().isDeath()))
                    .toList();
            condition.actions().stream()
                    .filter(a -> !actions.contains(a))
                    .forEach(a -> step.tell(Lanes.line("pruned", name, name, condition.name(), a.name())
                            .cause(cause)
                            .put("why", "the entity was restarted and the action does not rearm")));
            if (actions.isEmpty()
                    && !condition.actions().isEmpty()
                    && !condition.has(org.ham.api.ConditionFlag.KEEP_ON_EMPTY)) {
                step.tell(Lanes.line("pruned", name, name, condition.name(), null)
                        .cause(cause)
                        .put("why", "its last action went and it is not flagged keep-on-empty"));
                continue;
            }
            kept.add(condition.withActions(actions));
        }
        step.put(step.get(name).withConditions(kept));
    }

    static void startFailed(Step step, Input.StartFailed input) {
        var entity = step.get(input.entity());
        var pending = Objects.requireNonNull(entity.pending());
        var seq = step.tell(Line.of("start-failed")
                .entity(entity.name())
                .cause(pending.seq())
                .outcome("failed: " + input.why())
                .put("invocation", input.invocation()));
        step.put(entity.withPending(null));
        if (pending.restart()) {
            endRestart(step, input.entity(), input.invocation(), false, seq, input.why());
            Lanes.drain(step, input.entity());
        } else if (entity.status() == Status.DETACHING) {
            Lanes.drain(step, input.entity());
        } else if (pending.fresh()) {
            forget(step, input.entity(), "its first start failed");
        } else {
            step.put(step.get(input.entity()).unattached());
            Lanes.drain(step, input.entity());
        }
    }

    /** Tells the lane whose restart action is in flight what came of it. */
    private static void endRestart(Step step, String name, String invocation, boolean ok, long cause, String why) {
        for (var lane : step.get(name).lanes()) {
            if (invocation.equals(lane.head().invocation())) {
                var run = lane.head();
                var seq = step.tell(Lanes.line(
                                ok ? "action-done" : "action-failed",
                                name,
                                run.owner(),
                                run.condition(),
                                run.current().name())
                        .cause(cause)
                        .outcome(ok ? "ok" : "failed: " + why));
                Lanes.finished(step, name, lane.key(), ok, seq);
                return;
            }
        }
    }

    static void died(Step step, Input.Died input) {
        var entity = step.get(input.entity());
        var process = input.process();
        var seq = step.tell(Line.of("death")
                .entity(entity.name())
                .pid(process.pid())
                .reason(input.reason())
                .put("startTime", process.startTime())
                .put("inode", process.inode())
                .put("boot", process.boot()));
        step.effect(new Effect.Unwatch(process));
        step.put(
                entity.status() == Status.DETACHING
                        ? entity.withoutProcess()
                        : entity.dead(step.time(), input.reason()));
        var trigger = new Trigger(ConditionType.DEATH, seq, step.time(), process.pid(), input.reason(), Map.of());
        Lanes.fire(step, entity.name(), trigger);
        if (input.reason().isAbnormal()) {
            var abnormal = step.tell(Line.of("abnormal-death")
                    .entity(entity.name())
                    .pid(process.pid())
                    .reason(input.reason())
                    .cause(seq));
            Lanes.fire(
                    step,
                    entity.name(),
                    new Trigger(
                            ConditionType.ABNORMAL_DEATH,
                            abnormal,
                            step.time(),
                            process.pid(),
                            input.reason(),
                            Map.of()));
        }
        Lanes.drain(step, entity.name());
    }

    static void detach(Step step, String name) {
        var entity = step.get(name);
        var process = entity.process();
        var seq = step.tell(Line.of("detached").entity(name).pid(process == null ? 0 : process.pid()));
        if (process != null) {
            step.effect(new Effect.Unwatch(process));
        }
        Lanes.cutShort(step, name);
        step.put(step.get(name).withStatus(Status.DETACHING));
        Lanes.fire(step, name, Lanes.trigger(step, ConditionType.DETACH, seq, process == null ? 0 : process.pid()));
        var fired = step.get(name);
        // A start in flight keeps its pending so that its outcome finds its way; the process itself is nobody's now.
        step.put(fired.pending() == null ? fired.withoutProcess() : fired);
        Lanes.drain(step, name);
    }

    /** Removes an entity from the tree. */
    static void forget(Step step, String name, String why) {
        step.tell(Line.of("gone").entity(name).put("why", why));
        step.remove(name);
    }

    /** A dead entity whose lists have run leaves the tree, or stays without a process if it is flagged so. */
    static void bury(Step step, String name) {
        var entity = step.get(name);
        if (entity.flags().contains(EntityFlag.KEEP_ON_DEATH)) {
            step.tell(Line.of("unattached")
                    .entity(name)
                    .put("why", "it died, nothing restarted it, keep-on-death is set"));
            step.put(entity.unattached());
        } else {
            forget(step, name, "it died and nothing restarted it");
        }
    }

    /** A process became the HAM: counts what failed, and takes up all that was in flight. */
    static void led(Step step, Input.Led input) {
        var state = step.state;
        var again = input.pid() == state.hamPid() && !state.stopped();
        var onPurpose = state.stopped() || input.how().equals("handed-over");
        var crashed = state.hamPid() != 0 && !onPurpose && !again;
        var bothDied = crashed && input.how().equals("started") && state.guardianPid() != 0;
        step.tell(Line.of(again ? "ham-resumed" : input.how().equals("started") ? "ham-started" : "took-over")
                .pid(input.pid())
                .put("how", input.how())
                .put("predecessor", input.predecessor())
                .put("word", input.word()));
        if (again) {
            step.state = state.led(
                            state.instance(), input.pid(), state.since(), state.hamFailures(), state.guardianFailures())
                    .withGuardian(state.guardianPid(), state.guardianReady(), state.guardianFailures());
        } else {
            step.state = state.led(
                    state.instance().isEmpty() ? input.word() : state.instance(),
                    input.pid(),
                    step.time(),
                    state.hamFailures() + (crashed ? 1 : 0),
                    state.guardianFailures() + (bothDied ? 1 : 0));
        }
        step.sorted().forEach(entity -> resume(step, entity));
        resume(step, step.state.global());
    }

    private static void resume(Step step, Entity entity) {
        if (entity.process() != null && entity.status() != Status.DETACHING) {
            step.effect(new Effect.Watch(entity.name(), entity.process()));
        }
        if (entity.isMonitored()) {
            // Nobody has watched since the HAM before this one ended.
            step.put(entity.withHealth(entity.health().since(step.stamp.mono())));
        }
        var pending = entity.pending();
        if (pending != null) {
            step.effect(new Effect.Start(entity.name(), pending.invocation(), pending.start(), true));
        }
        for (var lane : entity.lanes()) {
            var run = lane.head();
            if (run.invocation() != null
                    && (pending == null || !pending.invocation().equals(run.invocation()))) {
                step.effect(Lanes.invoke(entity, run, true));
            }
        }
    }

    /** Whether a name is free, or a placeholder that may get its process. */
    static boolean canTakeProcess(@Nullable Entity entity) {
        return entity == null
                || entity.status() == Status.UNATTACHED && !entity.name().equals(HamPath.GLOBAL);
    }
}
