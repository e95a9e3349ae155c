package org.ham.core.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The actions of a condition that became true, as they were at that moment, from the current one on. Immutable.
 *
 * @param owner the entity the condition stands in, {@code *} for the global one
 * @param condition its name
 * @param seq the line that says the condition became true
 * @param trigger why it did
 * @param todo the current action first
 * @param failing the fail items of the current action that are still to run, the current one first; null while the action
 *     itself is the current one
 * @param invocation what is in flight, null when nothing is
 * @param startedSeq the line that says so, 0 when nothing is
 * @param failedSeq the line that says that the current action failed, 0 when it did not
 */
public record Run(
        String owner,
        String condition,
        long seq,
        Trigger trigger,
        List<Action> todo,
        @Nullable List<Action> failing,
        @Nullable String invocation,
        long startedSeq,
        long failedSeq) {
    public Run {
        todo = List.copyOf(todo);
        failing = failing == null ? null : List.copyOf(failing);
    }

    static Run of(String owner, Condition condition, long seq, Trigger trigger) {
        return new Run(owner, condition.name(), seq, trigger, condition.actions(), null, null, 0, 0);
    }

    /** What is in flight: the fail item, or the action itself. */
    Action current() {
        return failing == null ? todo.getFirst() : failing.getFirst();
    }

    Run inFlight(String id, long line) {
        return new Run(owner, condition, seq, trigger, todo, failing, id, line, failedSeq);
    }

    /** The same on its way through fail items, since a line told of the failure. */
    Run withFailing(List<Action> items, long line) {
        return new Run(owner, condition, seq, trigger, todo, items, null, 0, line);
    }

    Run withTodo(List<Action> actions) {
        return new Run(owner, condition, seq, trigger, actions, null, null, 0, 0);
    }

    /** The same without an action of this name, but for the one in flight. */
    Run purged(String action) {
        var from = invocation == null && failing == null ? 0 : 1;
        var kept = new java.util.ArrayList<>(todo.subList(0, Math.min(from, todo.size())));
        todo.stream().skip(from).filter(a -> !a.name().equals(action)).forEach(kept::add);
        return new Run(owner, condition, seq, trigger, kept, failing, invocation, startedSeq, failedSeq);
    }

    /** The same with nothing left but what is in flight. */
    Run cutShort() {
        var rest = todo.isEmpty() || (invocation == null && failing == null) ? List.<Action>of() : todo.subList(0, 1);
        return new Run(owner, condition, seq, trigger, rest, failing, invocation, startedSeq, failedSeq);
    }
}
