package org.ham.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;

/** A condition as it stands in the tree. Immutable. */
public record Condition(
        String name, ConditionType type, Set<ConditionFlag> flags, boolean enabled, List<Action> actions) {
    public Condition {
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
        actions = List.copyOf(actions);
    }

    boolean has(ConditionFlag flag) {
        return flags.contains(flag);
    }

    /** Whether it stays when its entity is restarted: off by default for the death conditions, on for the others. */
    boolean rearms() {
        return has(ConditionFlag.REARM) || (!type.isDeath() && !has(ConditionFlag.NO_REARM));
    }

    boolean matches(ConditionType event) {
        return enabled && (type == event || type == ConditionType.ANY);
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

    Condition withActions(List<Action> others) {
        return new Condition(name, type, flags, enabled, others);
    }

    Condition withEnabled(boolean on) {
        return new Condition(name, type, flags, on, actions);
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

    boolean sameDefinition(Condition other) {
        return name.equals(other.name) && type == other.type && flags.equals(other.flags);
    }
}
