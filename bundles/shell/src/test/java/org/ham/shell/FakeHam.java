package org.ham.shell;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ActionView;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionView;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.ExitReason;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.HeartbeatView;
import org.ham.api.ProcessId;
import org.ham.api.Raise;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;

/** A HAM that remembers what it was asked and shows what it was given. Thread-safe enough for the tests. */
final class FakeHam implements Supervisor {
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final List<EntitySpec> attached = Collections.synchronizedList(new ArrayList<>());
    final List<ConditionSpec> conditions = Collections.synchronizedList(new ArrayList<>());
    final List<ActionSpec> actions = Collections.synchronizedList(new ArrayList<>());
    volatile List<EntityView> entities = List.of(web());
    volatile OptionalLong guardian = OptionalLong.of(43);
    volatile int verbosity;
    volatile boolean heartbeats = true;
    volatile Runnable whenStopped = () -> {};
    volatile @Nullable HamException refusal;

    static EntityView web() {
        var tell = new ActionView("tell", "log", List.of(), true, Map.of("message", "web is down"), List.of(), 0);
        var restart = new ActionView("restart", "restart", List.of("rearm"), true, Map.of(), List.of(tell), 3);
        var died = new ConditionView(
                "died", "death", List.of("rearm"), true, List.of(restart), 2, Optional.empty(), Optional.empty());
        var gone =
                new ConditionView("gone", "detach", List.of(), false, List.of(), 2, Optional.empty(), Optional.empty());
        return new EntityView(
                "web",
                "external",
                "running",
                OptionalLong.of(4711),
                OptionalLong.of(123456),
                0,
                true,
                2,
                "2026-01-02T03:04:05.000000006Z",
                Optional.of("2026-01-02T03:05:05Z"),
                Optional.of(ExitReason.signalled("SIGKILL", false)),
                List.of("keep-on-death"),
                List.of("jwebserver", "-p", "8000"),
                List.of(died, gone),
                1,
                Optional.empty(),
                false,
                "",
                0);
    }

    /** One that says much of itself. */
    static EntityView beating(long periodNanos) {
        var web = web();
        var changed = new ConditionView(
                "changed",
                "state",
                List.of(),
                true,
                List.of(),
                2,
                Optional.of(new StateMatch(StateSet.ANY, StateSet.parse("not 0"))),
                Optional.empty());
        var raised = new ConditionView(
                "raised",
                "raise",
                List.of(),
                true,
                List.of(),
                2,
                Optional.empty(),
                Optional.of(RaiseMatch.parse("1", "any", "3+")));
        return new EntityView(
                web.name(),
                web.kind(),
                web.status(),
                web.pid(),
                web.startTime(),
                3,
                true,
                web.restarts(),
                web.created(),
                web.lastDeath(),
                web.lastReason(),
                web.flags(),
                web.command(),
                List.of(changed, raised),
                1,
                Optional.of(new HeartbeatView(periodNanos, 2, 5, false, "missed-low")),
                true,
                "all is well",
                0);
    }

    private void record(String what, Actor actor) {
        asked.add(what + " by " + actor.uid());
    }

    @Override
    public EntityHandle attach(EntitySpec entity, Actor actor) {
        if (entities.stream().anyMatch(known -> known.name().equals(entity.name()))) {
            throw new HamException(Code.EXISTS, "entity '" + entity.name() + "' is there already");
        }
        attached.add(entity);
        record("attach " + entity.name(), actor);
        return EntityHandle.of(entity.name());
    }

    @Override
    public void declare(EntitySpec entity, Actor actor) {
        throw new AssertionError("no command declares");
    }

    @Override
    public EntityHandle attachSelf(
            String name,
            ProcessId process,
            Optional<ProcessId> within,
            Optional<HeartbeatSpec> heartbeat,
            Set<EntityFlag> flags,
            Actor actor) {
        throw new AssertionError("no command attaches itself");
    }

    @Override
    public void detach(EntityHandle entity, Actor actor) {
        var why = refusal;
        if (why != null) {
            asked.add("refused");
            throw why;
        }
        record("detach " + entity.path(), actor);
    }

    @Override
    public void detachSelf(EntityHandle entity, Actor actor) {
        throw new AssertionError("no command detaches itself");
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition, Actor actor) {
        conditions.add(condition);
        record(
                "condition " + entity.path() + " " + condition.name() + " " + condition.type() + condition.flags(),
                actor);
        return ConditionHandle.of(entity.name(), condition.name());
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action, Actor actor) {
        actions.add(action);
        record("action " + condition.path() + " " + action.name() + " " + action.type() + action.flags(), actor);
        return ActionHandle.of(condition.entity(), condition.name(), action.name());
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item, Actor actor) {
        actions.add(item);
        record("on-fail " + action.path() + " " + item.name() + " " + item.type(), actor);
    }

    @Override
    public void remove(Handle target, Actor actor) {
        record("remove " + target.path(), actor);
    }

    @Override
    public void removeFailItem(ActionHandle action, String item, Actor actor) {
        record("remove " + item + " of " + action.path(), actor);
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse, Actor actor) {
        record((enabled ? "enable " : "disable ") + target.path() + (recurse ? " all" : ""), actor);
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags, Actor actor) {
        record("flags " + target.path() + " " + change + flags, actor);
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags, Actor actor) {
        record("flags " + target.path() + " " + change + flags, actor);
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags, Actor actor) {
        record("flags " + target.path() + " " + change + flags, actor);
    }

    @Override
    public void reportState(EntityHandle entity, int state, Actor actor) {
        record("state " + entity.path() + " " + state, actor);
    }

    @Override
    public void raise(EntityHandle entity, Raise what, Actor actor) {
        record("raise " + entity.path() + " " + what, actor);
    }

    @Override
    public void heartbeatHealthy(EntityHandle entity, Actor actor) {
        record("healthy " + entity.path(), actor);
    }

    @Override
    public void beat(EntityHandle entity, Actor actor) {
        record("beat " + entity.path(), actor);
    }

    @Override
    public void heartbeats(boolean active, Actor actor) {
        heartbeats = active;
        record("heartbeats " + active, actor);
    }

    @Override
    public boolean await(String name, Predicate<Optional<EntityView>> until, Duration within) {
        return until.test(entity(name));
    }

    @Override
    public void verbosity(int level, Actor actor) {
        verbosity = level;
    }

    @Override
    public Tree tree() {
        return new Tree(7, entities);
    }

    @Override
    public Optional<EntityView> entity(String name) {
        return entities.stream().filter(entity -> entity.name().equals(name)).findFirst();
    }

    @Override
    public Status status() {
        return new Status(42, 3, "2026-01-02T03:04:05Z", guardian, true, 1, 2, 3, 4, 5, verbosity, "", heartbeats);
    }

    @Override
    public long upgrade(Path distribution, Optional<Path> java, Actor actor) {
        record("upgrade " + distribution + java.map(home -> " with " + home).orElse(""), actor);
        return 4713;
    }

    @Override
    public void stop(Actor actor) {
        record("stop", actor);
        whenStopped.run();
    }
}
