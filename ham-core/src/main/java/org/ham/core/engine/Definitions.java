package org.ham.core.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ConditionFlag;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.jspecify.annotations.Nullable;

/** What conditions and actions an entity has: checks of what is asked for, and carrying it out. Pure. */
final class Definitions {
    private Definitions() {}

    static String word(Entity.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    // ---- checks: the reason to refuse, or null ----

    static @Nullable HamException checkAttach(State state, Limits limits, Input.Attach attach) {
        var known = state.entity(attach.entity()).orElse(null);
        if (known != null && known.status() == Entity.Status.DETACHING) {
            return new HamException(
                    Code.EXISTS, "entity '" + attach.entity() + "' is being detached; its last actions still run");
        }
        var global = attach.entity().equals(HamPath.GLOBAL);
        if (!attach.update() && global) {
            return new HamException(
                    Code.EXISTS,
                    "entity '" + attach.entity() + "' is the global one, which is always there and has no process");
        }
        if (!attach.update() && known != null && !Lifecycle.canTakeProcess(known)) {
            return new HamException(
                    Code.EXISTS,
                    "entity '" + attach.entity() + "' exists and is " + word(known.status())
                            + "; detach it first or choose another name");
        }
        if (known == null && state.entities().size() >= limits.entities()) {
            return new HamException(Code.LIMIT, "there are " + limits.entities() + " entities, the most there may be");
        }
        var taken = attach.process() == null ? null : Targets.taken(state, attach.entity(), attach.process());
        if (taken != null) {
            return taken;
        }
        var conditions = attach.update() || known == null
                ? attach.conditions()
                : concat(known.conditions(), attach.conditions());
        return checkConditions(attach.entity(), conditions);
    }

    private static List<Condition> concat(List<Condition> first, List<Condition> second) {
        return java.util.stream.Stream.concat(
                        first.stream()
                                .filter(c ->
                                        second.stream().noneMatch(d -> d.name().equals(c.name()))),
                        second.stream())
                .toList();
    }

    static @Nullable HamException checkConditions(String entity, List<Condition> conditions) {
        var restarts = 0;
        for (var condition : conditions) {
            for (var action : condition.actions()) {
                var refusal = checkAction(entity, condition, action);
                if (refusal != null) {
                    return refusal;
                }
                restarts += action.restarts() ? 1 : 0;
            }
        }
        return restarts > 1 ? secondRestart(entity) : null;
    }

    private static HamException secondRestart(String entity) {
        return new HamException(
                Code.EXISTS,
                "entity '" + entity
                        + "' may have one restart action over all its death conditions, not two; remove the other");
    }

    private static @Nullable HamException checkAction(String entity, Condition condition, Action action) {
        var path = entity + "/" + condition.name() + "/" + action.name();
        if (action.restarts() && !condition.type().isDeath()) {
            return new HamException(
                    Code.INVALID,
                    path + ": a " + action.type() + " action stands under death or abnormal-death only, not under "
                            + condition.type().word());
        }
        if (condition.has(ConditionFlag.NO_WAIT)
                && (action.waits() || action.onFail().stream().anyMatch(Action::waits))) {
            return new HamException(
                    Code.INVALID,
                    path + ": condition '" + condition.name() + "' is flagged no-wait and " + action.type()
                            + " waits; put it under another condition");
        }
        return action.onFail().stream().anyMatch(Action::restarts)
                ? new HamException(Code.INVALID, path + ": a fail item cannot restart the entity")
                : null;
    }

    static @Nullable HamException checkAddCondition(State state, Input.AddCondition input) {
        var refusal = Targets.missing(state, input.entity(), null, null, input.id());
        if (refusal != null) {
            return refusal;
        }
        var entity = state.entity(input.entity()).orElseThrow();
        if (entity.condition(input.condition().name()).isPresent()) {
            return new HamException(
                    Code.EXISTS,
                    "condition '" + input.entity() + "/" + input.condition().name()
                            + "' exists with a different definition; remove it first");
        }
        if (entity.conditions().size() >= org.ham.api.ConditionSpec.MOST) {
            return new HamException(Code.LIMIT, "entity '" + input.entity() + "' has the most conditions there may be");
        }
        return checkConditions(input.entity(), concat(entity.conditions(), List.of(input.condition())));
    }

    /** Whether what is asked for is there already, just so. */
    static boolean isThere(State state, Input.AddCondition input) {
        return Targets.missing(state, input.entity(), null, null, input.id()) == null
                && state.entity(input.entity())
                        .flatMap(e -> e.condition(input.condition().name()))
                        .filter(c -> c.sameDefinition(input.condition())
                                && (input.condition().actions().isEmpty() || c.sameWhole(input.condition())))
                        .isPresent();
    }

    static @Nullable HamException checkAddAction(State state, Input.AddAction input) {
        var missing = Targets.missing(state, input.entity(), input.condition(), null, input.id());
        if (missing != null) {
            return missing;
        }
        var entity = state.entity(input.entity()).orElseThrow();
        var condition = entity.condition(input.condition()).orElseThrow();
        if (condition.action(input.action().name()).isPresent()) {
            return new HamException(
                    Code.EXISTS,
                    "action '" + input.entity() + "/" + input.condition() + "/"
                            + input.action().name() + "' exists with a different definition; remove it first");
        }
        if (condition.actions().size() >= org.ham.api.ActionSpec.MOST) {
            return new HamException(
                    Code.LIMIT,
                    "condition '" + input.entity() + "/" + input.condition() + "' has the most actions there may be");
        }
        var refusal = checkAction(input.entity(), condition, input.action());
        if (refusal != null) {
            return refusal;
        }
        return input.action().restarts() && entity.hasRestart() ? secondRestart(input.entity()) : null;
    }

    static boolean isThere(State state, Input.AddAction input) {
        return Targets.missing(state, input.entity(), input.condition(), null, input.id()) == null
                && state.entity(input.entity())
                        .flatMap(e -> e.condition(input.condition()))
                        .flatMap(c -> c.action(input.action().name()))
                        .filter(input.action()::sameDefinition)
                        .isPresent();
    }

    static @Nullable HamException checkFailItem(State state, Input.AddFailItem input) {
        var missing = Targets.missing(state, input.entity(), input.condition(), input.action(), input.id());
        if (missing != null) {
            return missing;
        }
        var path = HamPath.action(input.entity(), input.condition(), input.action());
        var action = find(state, path);
        if (action.onFail().stream().anyMatch(a -> a.name().equals(input.item().name()))) {
            return new HamException(
                    Code.EXISTS,
                    "action '" + path + "' has a fail item '" + input.item().name() + "'; remove it first");
        }
        if (action.onFail().size() >= org.ham.api.ActionSpec.MOST) {
            return new HamException(Code.LIMIT, "action '" + path + "' has the most fail items there may be");
        }
        var condition = state.entity(input.entity())
                .flatMap(e -> e.condition(input.condition()))
                .orElseThrow();
        return checkAction(input.entity(), condition, action.withOnFail(List.of(input.item())));
    }

    static @Nullable HamException checkRemove(State state, Input.Remove input) {
        var refusal = Targets.missing(state, input.entity(), input.condition(), input.action(), input.id());
        if (refusal == null && input.item() != null) {
            var path = HamPath.action(input.entity(), input.condition(), Objects.requireNonNull(input.action()));
            var action = find(state, path);
            if (action.onFail().stream().noneMatch(a -> a.name().equals(input.item()))) {
                return new HamException(
                        Code.NOT_FOUND, "action '" + path + "' has no fail item '" + input.item() + "'");
            }
        }
        return refusal;
    }

    static @Nullable HamException checkEnable(State state, Input.Enable input) {
        return Targets.missing(state, input.entity(), input.condition(), input.action(), input.id());
    }

    static @Nullable HamException checkChangeFlags(State state, Input.ChangeFlags input) {
        var refusal = Targets.missing(state, input.entity(), input.condition(), input.action(), input.id());
        if (refusal != null) {
            return refusal;
        }
        if (input.entity().equals(HamPath.GLOBAL) && input.condition() == null) {
            return new HamException(Code.INVALID, "the global entity has no flags");
        }
        if (input.action() != null && input.actionFlags().contains(ActionFlag.DO_NOW)) {
            return new HamException(
                    Code.INVALID,
                    "do-now says that an action runs once when it is added; it cannot be changed afterwards");
        }
        var name = input.condition();
        if (name == null || input.action() != null) {
            return null;
        }
        var condition =
                state.entity(input.entity()).flatMap(e -> e.condition(name)).orElseThrow();
        var changed = condition.withFlags(changed(condition.flags(), input.change(), input.conditionFlags()));
        return condition.actions().stream()
                .map(action -> checkAction(input.entity(), changed, action))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    static <F> Set<F> changed(Set<F> before, FlagChange change, Set<F> flags) {
        var after = new HashSet<>(before);
        switch (change) {
            case ADD -> after.addAll(flags);
            case REMOVE -> after.removeAll(flags);
            case SET -> {
                after.clear();
                after.addAll(flags);
            }
        }
        return after;
    }

    /** Whether the flags are that already. */
    static boolean isThere(State state, Input.ChangeFlags input) {
        return checkChangeFlags(state, input) == null
                && withFlags(state.entity(input.entity()).orElseThrow(), input)
                        .equals(state.entity(input.entity()).orElseThrow());
    }

    private static Entity withFlags(Entity entity, Input.ChangeFlags input) {
        if (input.condition() == null) {
            return entity.withFlags(changed(entity.flags(), input.change(), input.entityFlags()));
        }
        var condition = entity.condition(input.condition()).orElseThrow();
        if (input.action() == null) {
            return entity.with(condition.withFlags(changed(condition.flags(), input.change(), input.conditionFlags())));
        }
        var action = condition.action(input.action()).orElseThrow();
        // Whether it was to run when it was added stays what it was.
        var flags = changed(action.flags(), input.change(), input.actionFlags());
        if (action.has(ActionFlag.DO_NOW)) {
            flags.add(ActionFlag.DO_NOW);
        }
        return entity.with(condition.with(action.withFlags(flags)));
    }

    static void changeFlags(Step step, Input.ChangeFlags input) {
        step.tell(Line.of("flags-changed")
                .entity(input.entity())
                .condition(input.condition())
                .action(input.action()));
        step.put(withFlags(step.get(input.entity()), input));
    }

    /** An action that is known to exist. */
    private static Action find(State state, HamPath path) {
        return state.entity(path.entity())
                .flatMap(e -> e.condition(path.condition().orElseThrow()))
                .flatMap(c -> c.action(path.action().orElseThrow()))
                .orElseThrow();
    }

    /** Whether conditions were defined alike, in their order. */
    static boolean sameWhole(List<Condition> some, List<Condition> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).sameWhole(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    // ---- carrying it out; everything was checked ----

    static void addAll(Step step, String name, List<Condition> conditions, long cause) {
        for (var condition : conditions) {
            step.put(step.get(name).with(condition.made(cause)));
            for (var action : condition.actions()) {
                if (action.has(ActionFlag.DO_NOW)) {
                    Lanes.doNow(step, name, condition, action, cause);
                }
            }
        }
    }

    /** Makes the conditions these, in this order; what is defined as before keeps its switches. */
    static void replaceAll(Step step, String name, List<Condition> conditions, long cause) {
        var before = step.get(name);
        for (var old : before.conditions()) {
            var now = conditions.stream()
                    .filter(c -> c.name().equals(old.name()))
                    .findFirst()
                    .orElse(null);
            if (now == null) {
                Lanes.purge(step, name, name, old.name(), null);
            } else {
                old.actions().stream()
                        .filter(a -> now.action(a.name()).isEmpty())
                        .forEach(a -> Lanes.purge(step, name, name, old.name(), a.name()));
            }
        }
        step.put(step.get(name)
                .withConditions(conditions.stream()
                        .map(c -> before.condition(c.name())
                                .map(c::after)
                                .orElse(c)
                                .made(cause))
                        .toList()));
        for (var condition : conditions) {
            var old = before.condition(condition.name());
            for (var action : condition.actions()) {
                if (action.has(ActionFlag.DO_NOW)
                        && old.flatMap(c -> c.action(action.name())).isEmpty()) {
                    Lanes.doNow(step, name, condition, action, cause);
                }
            }
        }
    }

    static void addCondition(Step step, Input.AddCondition input) {
        var seq = step.tell(Line.of("condition-added")
                .entity(input.entity())
                .condition(input.condition().name())
                .put("when", input.condition().type().word()));
        addAll(step, input.entity(), List.of(input.condition()), seq);
        Lanes.drain(step, input.entity());
    }

    static void addAction(Step step, Input.AddAction input) {
        var action = input.action();
        var seq = step.tell(Line.of("action-added")
                .entity(input.entity())
                .condition(input.condition())
                .action(action.name())
                .put("type", action.type()));
        var condition = step.get(input.entity()).condition(input.condition()).orElseThrow();
        step.put(step.get(input.entity()).with(condition.with(action.made(seq))));
        if (action.has(ActionFlag.DO_NOW)) {
            Lanes.doNow(step, input.entity(), condition, action, seq);
        }
        Lanes.drain(step, input.entity());
    }

    static void addFailItem(Step step, Input.AddFailItem input) {
        step.tell(Line.of("fail-item-added")
                .entity(input.entity())
                .condition(input.condition())
                .action(input.action())
                .put("failItem", input.item().name())
                .put("type", input.item().type()));
        change(
                step,
                input.entity(),
                input.condition(),
                input.action(),
                a -> a.withOnFail(
                        java.util.stream.Stream.concat(a.onFail().stream(), java.util.stream.Stream.of(input.item()))
                                .toList()));
    }

    static void remove(Step step, Input.Remove input) {
        var line = Line.of(
                        input.item() != null
                                ? "fail-item-removed"
                                : input.action() != null ? "action-removed" : "condition-removed")
                .entity(input.entity())
                .condition(input.condition())
                .action(input.action());
        if (input.item() != null) {
            line.put("failItem", input.item());
        }
        var seq = step.tell(line);
        if (input.item() != null) {
            change(
                    step,
                    input.entity(),
                    input.condition(),
                    Objects.requireNonNull(input.action()),
                    a -> a.withOnFail(a.onFail().stream()
                            .filter(i -> !i.name().equals(input.item()))
                            .toList()));
            return;
        }
        purgeEverywhere(step, input);
        if (input.action() == null) {
            step.put(step.get(input.entity()).without(input.condition()));
        } else {
            var condition =
                    step.get(input.entity()).condition(input.condition()).orElseThrow();
            Lanes.dropIfEmpty(step, input.entity(), condition.without(input.action()), seq);
        }
        Lanes.drain(step, input.entity());
    }

    /** Runs of a global condition wait in the lanes of other entities. */
    private static void purgeEverywhere(Step step, Input.Remove input) {
        Lanes.purge(step, input.entity(), input.entity(), input.condition(), input.action());
        if (input.entity().equals(HamPath.GLOBAL)) {
            for (var name : List.copyOf(step.state.entities().keySet())) {
                Lanes.purge(step, name, HamPath.GLOBAL, input.condition(), input.action());
                Lanes.drain(step, name);
            }
        }
    }

    private static void change(
            Step step, String entity, String condition, String action, java.util.function.UnaryOperator<Action> how) {
        var before = step.get(entity).condition(condition).orElseThrow();
        step.put(step.get(entity)
                .with(before.with(how.apply(before.action(action).orElseThrow()))));
    }

    static void enable(Step step, Input.Enable input) {
        var on = input.enabled();
        step.tell(Line.of(on ? "enabled" : "disabled")
                .entity(input.entity())
                .condition(input.condition())
                .action(input.action())
                .put("recurse", input.recurse()));
        var entity = step.get(input.entity());
        if (input.condition() == null) {
            entity = entity.withEnabled(on);
            if (input.recurse()) {
                entity = entity.withConditions(entity.conditions().stream()
                        .map(c -> withAll(c.withEnabled(on), on))
                        .toList());
            }
        } else {
            var condition = entity.condition(input.condition()).orElseThrow();
            if (input.action() == null) {
                var switched = condition.withEnabled(on);
                entity = entity.with(input.recurse() ? withAll(switched, on) : switched);
            } else {
                entity = entity.with(condition.with(
                        condition.action(input.action()).orElseThrow().withEnabled(on)));
            }
        }
        step.put(entity);
        if (input.condition() == null && entity.health().heartbeat() != null) {
            // What it missed while nobody looked does not count.
            Signs.heal(step, input.entity());
        }
    }

    private static Condition withAll(Condition condition, boolean on) {
        return condition.withActions(
                condition.actions().stream().map(a -> a.withEnabled(on)).toList());
    }
}
