package org.ham.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.jspecify.annotations.Nullable;

/**
 * A condition as it stands in the tree. Immutable.
 *
 * @param onState which change of state counts, for type {@code state}
 * @param onRaise what counts of what is raised, for type {@code raise}
 * @param id the line that made it, 0 before
 */
public record Condition(
        String name,
        ConditionType type,
        Set<ConditionFlag> flags,
        boolean enabled,
        List<Action> actions,
        @Nullable StateMatch onState,
        @Nullable RaiseMatch onRaise,
        long id) {
    public Condition {
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
        actions = List.copyOf(actions);
    }

    public Condition(String name, ConditionType type, Set<ConditionFlag> flags, boolean enabled, List<Action> actions) {
        this(name, type, flags, enabled, actions, null, null, 0);
    }

    boolean has(ConditionFlag flag) {
        return flags.contains(flag);
    }

    /** Whether it stays when its entity is restarted: off by default for the death conditions, on for the others. */
    boolean rearms() {
        return has(ConditionFlag.REARM) || (!type.isDeath() && !has(ConditionFlag.NO_REARM));
    }

    boolean matches(Trigger event) {
        return enabled && (type == ConditionType.ANY || type == event.type() && matchesDetails(event));
    }

    private boolean matchesDetails(Trigger event) {
        if (onState != null) {
            return onState.matches(event.number(Trigger.FROM), event.number(Trigger.TO));
        }
        return onRaise == null
                || onRaise.matches(new Raise(
                        event.number(Trigger.TYPE), event.number(Trigger.CATEGORY), event.number(Trigger.SEVERITY)));
    }

    /** The lane its runs go to; {@code owner} tells a global condition from one of the entity's of the same name. */
    String lane(String owner) {
        if (has(ConditionFlag.NO_WAIT)) {
            return Lane.NO_WAIT;
        }
        return has(ConditionFlag.INDEPENDENT) ? owner + "/" + name : Lane.OTHER;
    }

    Optional<Action> action(String wanted) {
        return actions.stream().filter(a -> a.name().equals(wanted)).findFirst();
    }

    /** The same, made by a line, with all its actions that no other line has made. */
    Condition made(long line) {
        var own = id == 0 ? line : id;
        return new Condition(
                name,
                type,
                flags,
                enabled,
                actions.stream().map(a -> a.made(line)).toList(),
                onState,
                onRaise,
                own);
    }

    Condition withActions(List<Action> others) {
        return new Condition(name, type, flags, enabled, others, onState, onRaise, id);
    }

    Condition withEnabled(boolean on) {
        return new Condition(name, type, flags, on, actions, onState, onRaise, id);
    }

    Condition withFlags(Set<ConditionFlag> others) {
        return new Condition(name, type, others, enabled, actions, onState, onRaise, id);
    }

    private Condition withId(long line) {
        return new Condition(name, type, flags, enabled, actions, onState, onRaise, line);
    }

    /** The same with one action replaced by its namesake, or added at the end. */
    Condition with(Action action) {
        var changed = new ArrayList<>(actions);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).name().equals(action.name())) {
                changed.set(i, action);
                return withActions(changed);
            }
        }
        changed.add(action);
        return withActions(changed);
    }

    Condition without(String action) {
        return withActions(
                actions.stream().filter(a -> !a.name().equals(action)).toList());
    }

    /** Whether the two were defined alike, whatever actions they have. */
    boolean sameDefinition(Condition other) {
        return name.equals(other.name)
                && type == other.type
                && flags.equals(other.flags)
                && Objects.equals(onState, other.onState)
                && Objects.equals(onRaise, other.onRaise);
    }

    /** Whether the two were defined alike, actions and their order included. */
    boolean sameWhole(Condition other) {
        if (!sameDefinition(other) || actions.size() != other.actions.size()) {
            return false;
        }
        for (int i = 0; i < actions.size(); i++) {
            if (!actions.get(i).sameDefinition(other.actions.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** This definition with the switches and ids of what stood there before and was defined alike. */
    Condition after(Condition old) {
        var kept = actions.stream()
                .map(a -> old.action(a.name()).map(a::after).orElse(a))
                .toList();
        var switched = withActions(kept).withEnabled(old.enabled);
        return sameDefinition(old) ? switched.withId(old.id) : switched;
    }
}
