package org.ham.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionSpec;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamPath;
import org.ham.api.Status;
import org.ham.api.Tree;

/** Remembers what it was asked for. Thread-safe. */
final class RecordingHam implements Ham {
    private final List<String> calls = new ArrayList<>();
    private final Map<String, EntitySpec> entities = new HashMap<>();
    private final Map<String, HamException> refusals = new HashMap<>();
    private String since = "the first";

    /** What was asked for since the last time this was asked. */
    synchronized List<String> calls() {
        var copy = List.copyOf(calls);
        calls.clear();
        return copy;
    }

    synchronized void refuse(String entity, HamException refusal) {
        refusals.put(entity, refusal);
    }

    synchronized void accept(String entity) {
        refusals.remove(entity);
    }

    synchronized void reignSince(String time) {
        since = time;
    }

    synchronized Map<String, EntitySpec> entities() {
        return Map.copyOf(entities);
    }

    @Override
    public synchronized void declare(EntitySpec entity, Actor actor) {
        calls.add(actor.name() + " declares " + entity.name());
        checkRefusal(entity.name());
        entities.put(entity.name(), entity);
    }

    @Override
    public synchronized void detach(String entity, Actor actor) {
        calls.add(actor.name() + " detaches " + entity);
        checkRefusal(entity);
        if (entities.remove(entity) == null) {
            throw new HamException(HamException.Code.NOT_FOUND, "no entity '" + entity + "'");
        }
    }

    private void checkRefusal(String entity) {
        if (refusals.get(entity) instanceof HamException refusal) {
            throw refusal;
        }
    }

    /** Every entity is process 100, started at tick 7. */
    @Override
    public synchronized Optional<EntityView> entity(String name) {
        return entities.containsKey(name)
                ? Optional.of(new EntityView(
                        name,
                        "external",
                        "running",
                        OptionalLong.of(100),
                        OptionalLong.of(7),
                        0,
                        true,
                        0,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of()))
                : Optional.empty();
    }

    @Override
    public synchronized Status status() {
        return new Status(1, 1, since, OptionalLong.empty(), false, 0, 0, 0, 0, 0, 0, "");
    }

    @Override
    public synchronized void verbosity(int level, Actor actor) {
        calls.add(actor.name() + " sets verbosity " + level);
    }

    @Override
    public void attach(EntitySpec entity, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addCondition(String entity, ConditionSpec condition, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addAction(HamPath condition, ActionSpec action, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addFailItem(HamPath action, ActionSpec item, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(HamPath path, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeFailItem(HamPath action, String item, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void enable(HamPath path, boolean enabled, boolean recurse, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tree tree() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop(Actor actor) {
        throw new UnsupportedOperationException();
    }
}
