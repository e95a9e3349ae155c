package org.ham.core.engine;

import java.util.List;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.Beating;
import org.ham.api.ConditionFlag;
import org.ham.api.EntityFlag;
import org.ham.api.ExitReason;
import org.ham.api.FlagChange;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;

/** All that can happen to the core. Each is the first line of a batch in the journal; folding these alone gives the state. */
public sealed interface Input {
    /** What somebody asked for; refused by the fold if it makes no sense. */
    sealed interface Command extends Input {}

    /** What was seen or came of an effect; ignored by the fold if it is out of date. */
    sealed interface Report extends Input {}

    /** What an entity tells of itself or a detector of it; kept whole in the journal, as commands are. */
    sealed interface Sign extends Report {
        String entity();

        ProcessId process();
    }

    /** What an entity's process says of itself: it lived when it said so, however late that is read. */
    sealed interface Saying extends Sign {}

    /**
     * Add an entity.
     *
     * @param start its start command, null when HAM has none
     * @param process the running process, null to start one, or to add a placeholder when start is null as well
     * @param heartbeat how often it beats, null when it does not
     * @param update bring an existing one up to date instead of refusing it
     */
    record Attach(
            String entity,
            @Nullable StartSpec start,
            @Nullable ProcessId process,
            Set<EntityFlag> flags,
            List<Condition> conditions,
            @Nullable HeartbeatSpec heartbeat,
            boolean update)
            implements Command {
        public Attach(
                String entity,
                @Nullable StartSpec start,
                @Nullable ProcessId process,
                Set<EntityFlag> flags,
                List<Condition> conditions,
                boolean update) {
            this(entity, start, process, flags, conditions, null, update);
        }
    }

    /**
     * A process attaches itself.
     *
     * @param within the process HAM may know the entity by, null when only {@code process} itself counts
     * @param owner the user the process runs as
     */
    record AttachSelf(
            String entity,
            ProcessId process,
            @Nullable ProcessId within,
            @Nullable HeartbeatSpec heartbeat,
            Set<EntityFlag> flags,
            long owner)
            implements Command {}

    /**
     * Stop watching an entity.
     *
     * @param self whether the entity itself asks; otherwise one that attached itself is refused
     */
    record Detach(String entity, long id, boolean self) implements Command {
        public Detach(String entity) {
            this(entity, 0, false);
        }
    }

    record AddCondition(String entity, long id, Condition condition) implements Command {
        public AddCondition(String entity, Condition condition) {
            this(entity, 0, condition);
        }
    }

    record AddAction(String entity, String condition, long id, Action action) implements Command {
        public AddAction(String entity, String condition, Action action) {
            this(entity, condition, 0, action);
        }
    }

    record AddFailItem(String entity, String condition, String action, long id, Action item) implements Command {
        public AddFailItem(String entity, String condition, String action, Action item) {
            this(entity, condition, action, 0, item);
        }
    }

    /** Remove a condition, or one of its actions when {@code action} is given, or a fail item. */
    record Remove(
            String entity,
            String condition,
            @Nullable String action,
            @Nullable String item,
            long id) implements Command {
        public Remove(String entity, String condition, @Nullable String action, @Nullable String item) {
            this(entity, condition, action, item, 0);
        }
    }

    record Enable(
            String entity,
            @Nullable String condition,
            @Nullable String action,
            boolean enabled,
            boolean recurse,
            long id)
            implements Command {
        public Enable(
                String entity, @Nullable String condition, @Nullable String action, boolean enabled, boolean recurse) {
            this(entity, condition, action, enabled, recurse, 0);
        }
    }

    /** Change the flags of an entity, condition or action; only the set of its kind counts. */
    record ChangeFlags(
            String entity,
            @Nullable String condition,
            @Nullable String action,
            long id,
            FlagChange change,
            Set<EntityFlag> entityFlags,
            Set<ConditionFlag> conditionFlags,
            Set<ActionFlag> actionFlags)
            implements Command {}

    record ReportState(String entity, long id, int state) implements Command {}

    record RaiseFor(String entity, long id, int type, int category, int severity) implements Command {}

    record Heal(String entity, long id) implements Command {}

    record Heartbeats(boolean active) implements Command {}

    record Verbosity(int level) implements Command {}

    record Stop() implements Command {}

    record Died(String entity, ProcessId process, ExitReason reason) implements Report {}

    record Started(String entity, String invocation, ProcessId process) implements Report {}

    record StartFailed(String entity, String invocation, String why) implements Report {}

    record Finished(String entity, String invocation, boolean ok, String detail) implements Report {}

    /** A mark of missed beats was reached. */
    record Missed(String entity, ProcessId process, Beating mark, int missed) implements Sign {
        /** Whether the entity itself said so, and no beat was missed. */
        public boolean isSaid() {
            return missed == 0;
        }
    }

    /** A late beat of an entity whose beats heal. */
    record BeatsAgain(String entity, ProcessId process) implements Sign {}

    /** An entity said what it does. */
    record Said(String entity, ProcessId process, Word word) implements Saying {
        /** What an entity can say of itself. */
        public enum Word {
            READY,
            RELOADING,
            STOPPING
        }
    }

    /** An entity said how it is. */
    record Text(String entity, ProcessId process, String text) implements Saying {}

    /** An entity named another process as its main one. */
    record MainProcess(String entity, ProcessId process, ProcessId main) implements Saying {}

    /** An entity that attached itself lost its connection without detaching. */
    record Lost(String entity, ProcessId process) implements Sign {}

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

    /**
     * A node of another distribution is getting ready to lead.
     *
     * @param from the distribution of the HAM
     * @param to the other one
     * @param candidate the process of the other one
     * @param with the jars that it is for
     */
    record Upgrading(String from, String to, long candidate, List<String> with) implements Report {}

    /** The HAM has ended its lead in favour of a process that stands by; nothing it does counts from here on. */
    record HandedOver(long successor) implements Report {}

    /** The upgrade is over; an empty reason says that it went well. */
    record UpgradeEnded(String why) implements Report {}

    /** Something is wrong with HAM itself; an empty text says that it is over. */
    record Alarm(String source, String text) implements Report {}

    /** A part of HAM sent a signal to what is or was an entity's process. */
    record Signalled(String entity, long pid, String signal, String why) implements Report {}

    /** Something worth knowing about HAM itself that asks for nothing, such as a torn journal tail that was cut off. */
    record Found(String source, String text) implements Report {}
}
