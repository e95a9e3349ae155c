package org.ham.api;

import java.util.List;
import java.util.Optional;

/**
 * A condition as it stands. Immutable; its JSON is the one of {@code ham tree --json}.
 *
 * @param name unique in its entity
 * @param type what makes it true, as a word
 * @param flags how it behaves, as words
 * @param enabled its own switch; a disabled entity disables it as well
 * @param actions what runs, in order
 * @param id the journal line that made it
 * @param onState which change of state counts, for {@code state}
 * @param onRaise what raised counts, for {@code raise}
 */
public record ConditionView(
        String name,
        String type,
        List<String> flags,
        boolean enabled,
        List<ActionView> actions,
        long id,
        Optional<StateMatch> onState,
        Optional<RaiseMatch> onRaise) {
    /** The same with these actions. */
    public ConditionView with(List<ActionView> others) {
        return new ConditionView(name, type, flags, enabled, others, id, onState, onRaise);
    }
}
