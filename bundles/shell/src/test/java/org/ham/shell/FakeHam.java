package org.ham.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.ActionSpec;
import org.ham.api.ActionView;
import org.ham.api.Actor;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionView;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.ExitReason;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Status;
import org.ham.api.Tree;

/** A HAM that remembers what it was asked and shows what it was given. Thread-safe enough for the tests. */
final class FakeHam implements Ham {
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final List<EntitySpec> attached = Collections.synchronizedList(new ArrayList<>());
    final List<ActionSpec> actions = Collections.synchronizedList(new ArrayList<>());
    volatile List<EntityView> entities = List.of(web());
    volatile OptionalLong guardian = OptionalLong.of(43);
    volatile int verbosity;
    volatile Runnable whenStopped = () -> {};

    static EntityView web() {
        var tell = new ActionView("tell", "log", List.of(), true, Map.of("message", "web is down"), List.of());
        var restart = new ActionView("restart", "restart", List.of("rearm"), true, Map.of(), List.of(tell));
        var died = new ConditionView("died", "death", List.of("rearm"), true, List.of(restart));
        var gone = new ConditionView("gone", "detach", List.of(), false, List.of());
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
                List.of(died, gone));
    }

    private void record(String what, Actor actor) {
        asked.add(what + " by " + actor.uid());
    }

    @Override
    public void attach(EntitySpec entity, Actor actor) {
        if (entities.stream().anyMatch(known -> known.name().equals(entity.name()))) {
            throw new HamException(Code.EXISTS, "entity '" + entity.name() + "' is there already");
        }
        attached.add(entity);
        record("attach " + entity.name(), actor);
    }

    @Override
    public void declare(EntitySpec entity, Actor actor) {
        throw new AssertionError("no command declares");
    }

    @Override
    public void detach(String entity, Actor actor) {
        record("detach " + entity, actor);
    }

    @Override
    public void addCondition(String entity, ConditionSpec condition, Actor actor) {
        record("condition " + entity + " " + condition.name() + " " + condition.type() + condition.flags(), actor);
    }

    @Override
    public void addAction(HamPath condition, ActionSpec action, Actor actor) {
        actions.add(action);
        record("action " + condition + " " + action.name() + " " + action.type() + action.flags(), actor);
    }

    @Override
    public void addFailItem(HamPath action, ActionSpec item, Actor actor) {
        actions.add(item);
        record("on-fail " + action + " " + item.name() + " " + item.type(), actor);
    }

    @Override
    public void remove(HamPath path, Actor actor) {
        record("remove " + path, actor);
    }

    @Override
    public void removeFailItem(HamPath action, String item, Actor actor) {
        record("remove " + item + " of " + action, actor);
    }

    @Override
    public void enable(HamPath path, boolean enabled, boolean recurse, Actor actor) {
        record((enabled ? "enable " : "disable ") + path + (recurse ? " all" : ""), actor);
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
        return new Status(42, 3, "2026-01-02T03:04:05Z", guardian, true, 1, 2, 3, 4, 5, verbosity, "");
    }

    @Override
    public void stop(Actor actor) {
        record("stop", actor);
        whenStopped.run();
    }
}
