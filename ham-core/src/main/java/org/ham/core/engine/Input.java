package org.ham.core.engine;

import java.util.List;
import java.util.Set;
import org.ham.api.EntityFlag;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;

/** All that can happen to the core. Each is the first line of a batch in the journal; folding these alone gives the state. */
public sealed interface Input {
    /** What somebody asked for; refused by the fold if it makes no sense. */
    sealed interface Command extends Input {}

    /** What was seen or came of an effect; ignored by the fold if it is out of date. */
    sealed interface Report extends Input {}

    /**
     * Add an entity.
     *
     * @param start its start command, null when HAM has none
     * @param process the running process, null to start one, or to add a placeholder when start is null as well
     * @param update bring an existing one up to date instead of refusing it
     */
    record Attach(
            String entity,
            @Nullable StartSpec start,
            @Nullable ProcessId process,
            Set<EntityFlag> flags,
            List<Condition> conditions,
            boolean update)
            implements Command {}

    record Detach(String entity) implements Command {}

    record AddCondition(String entity, Condition condition) implements Command {}

    record AddAction(String entity, String condition, Action action) implements Command {}

    record AddFailItem(String entity, String condition, String action, Action item) implements Command {}

    /** Remove a condition, or one of its actions when {@code action} is given, or a fail item. */
    record Remove(
            String entity,
            String condition,
            @Nullable String action,
            @Nullable String item) implements Command {}

    record Enable(
            String entity,
            @Nullable String condition,
            @Nullable String action,
            boolean enabled,
            boolean recurse) implements Command {}

    record Verbosity(int level) implements Command {}

    record Stop() implements Command {}

    record Died(String entity, ProcessId process, ExitReason reason) implements Report {}

    record Started(String entity, String invocation, ProcessId process) implements Report {}

    record StartFailed(String entity, String invocation, String why) implements Report {}

    record Finished(String entity, String invocation, boolean ok, String detail) implements Report {}

    /**
     * A process became the HAM.
     *
     * @param how {@code started}, {@code took-over} or {@code fenced}
     * @param word makes invocation ids unique if this journal has none yet
     */
    record Led(String how, long pid, long predecessor, String word) implements Report {}

    record GuardianStarted(long pid) implements Report {}

    record GuardianReady(long pid) implements Report {}

    record GuardianFailed(long pid, String why) implements Report {}

    /** Something is wrong with HAM itself; an empty text says that it is over. */
    record Alarm(String source, String text) implements Report {}

    /** Something worth knowing about HAM itself that asks for nothing, such as a torn journal tail that was cut off. */
    record Found(String source, String text) implements Report {}
}
