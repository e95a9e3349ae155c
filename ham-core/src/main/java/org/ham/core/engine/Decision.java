package org.ham.core.engine;

import java.util.List;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.jspecify.annotations.Nullable;

/**
 * What comes of an input. Immutable.
 *
 * @param state the next state
 * @param lines what to write into the journal, as one; empty when nothing happened
 * @param effects what to do once that is written, in order
 * @param refusal why a command was refused, null when it was not
 */
public record Decision(
        State state,
        List<Event> lines,
        List<Effect> effects,
        @Nullable HamException refusal) {
    static Decision nothing(State state) {
        return new Decision(state, List.of(), List.of(), null);
    }

    static Decision refused(State state, HamException why) {
        return new Decision(state, List.of(), List.of(), why);
    }
}
