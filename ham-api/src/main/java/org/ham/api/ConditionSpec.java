package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.ham.api.HamException.Code;

/**
 * A condition as it is asked for. Immutable.
 *
 * @param name unique in its entity
 * @param type what makes it true
 * @param flags how it behaves
 * @param actions what runs, in order, each time it becomes true
 */
public record ConditionSpec(String name, ConditionType type, Set<ConditionFlag> flags, List<ActionSpec> actions) {
    /** The most conditions an entity may have. */
    public static final int MOST = 256;

    /** Checks names and copies. */
    public ConditionSpec {
        HamPath.requireName("condition", name);
        requireNonNull(type, "type");
        flags = Vocabulary.copy(ConditionFlag.class, flags);
        actions = List.copyOf(actions);
        if (actions.size() > ActionSpec.MOST) {
            throw new HamException(
                    Code.LIMIT,
                    "condition '" + name + "' has " + actions.size() + " actions, the most is " + ActionSpec.MOST);
        }
        if (actions.stream().map(ActionSpec::name).distinct().count() != actions.size()) {
            throw new HamException(Code.EXISTS, "condition '" + name + "' has two actions of one name");
        }
    }

    /** A condition without actions. */
    public static ConditionSpec of(String name, ConditionType type, Set<ConditionFlag> flags) {
        return new ConditionSpec(name, type, flags, List.of());
    }
}
