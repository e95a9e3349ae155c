package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ham.api.HamException.Code;

/**
 * A condition as it is asked for. Immutable.
 *
 * @param name unique in its entity
 * @param type what makes it true
 * @param flags how it behaves
 * @param actions what runs, in order, each time it becomes true
 * @param onState for {@code state} only: the change that counts; any when left out
 * @param onRaise for {@code raise} only: what counts; anything when left out
 */
public record ConditionSpec(
        String name,
        ConditionType type,
        Set<ConditionFlag> flags,
        List<ActionSpec> actions,
        Optional<StateMatch> onState,
        Optional<RaiseMatch> onRaise) {
    /** The most conditions an entity may have. */
    public static final int MOST = 256;

    /** Checks names and copies. */
    public ConditionSpec {
        HamPath.requireName("condition", name);
        requireNonNull(type, "type");
        flags = Vocabulary.copy(ConditionFlag.class, flags);
        actions = List.copyOf(actions);
        if (flags.contains(ConditionFlag.REARM) && flags.contains(ConditionFlag.NO_REARM)) {
            throw new HamException(
                    Code.INVALID, "condition '" + name + "' is flagged rearm and no-rearm; leave one of them out");
        }
        if (onState.isPresent() && type != ConditionType.STATE || onRaise.isPresent() && type != ConditionType.RAISE) {
            throw new HamException(
                    Code.INVALID,
                    "condition '" + name + "' of type " + type.word()
                            + ": a match of states goes with type state, one of what is raised with type raise");
        }
        onState = type == ConditionType.STATE ? onState.or(() -> Optional.of(StateMatch.ANY)) : onState;
        onRaise = type == ConditionType.RAISE ? onRaise.or(() -> Optional.of(RaiseMatch.ANY)) : onRaise;
        if (actions.size() > ActionSpec.MOST) {
            throw new HamException(
                    Code.LIMIT,
                    "condition '" + name + "' has " + actions.size() + " actions, the most is " + ActionSpec.MOST);
        }
        if (actions.stream().map(ActionSpec::name).distinct().count() != actions.size()) {
            throw new HamException(Code.EXISTS, "condition '" + name + "' has two actions of one name");
        }
    }

    /** A condition that matches every event of its type. */
    public ConditionSpec(String name, ConditionType type, Set<ConditionFlag> flags, List<ActionSpec> actions) {
        this(name, type, flags, actions, Optional.empty(), Optional.empty());
    }

    /** True when such a change of state is reported ({@code ham_condition_state}). */
    public static ConditionSpec onState(String name, StateMatch change, Set<ConditionFlag> flags) {
        return new ConditionSpec(name, ConditionType.STATE, flags, List.of(), Optional.of(change), Optional.empty());
    }

    /** True when such a thing is raised ({@code ham_condition_raise}). */
    public static ConditionSpec onRaise(String name, RaiseMatch what, Set<ConditionFlag> flags) {
        return new ConditionSpec(name, ConditionType.RAISE, flags, List.of(), Optional.empty(), Optional.of(what));
    }

    /** The same condition with these actions. */
    public ConditionSpec with(List<ActionSpec> others) {
        return new ConditionSpec(name, type, flags, others, onState, onRaise);
    }

    /** A condition without actions. */
    public static ConditionSpec of(String name, ConditionType type, Set<ConditionFlag> flags) {
        return new ConditionSpec(name, type, flags, List.of());
    }
}
