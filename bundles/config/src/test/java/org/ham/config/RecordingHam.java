package org.ham.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.Raise;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.spi.Supervisor;

/** Remembers what it was asked for. Thread-safe. */
final class RecordingHam implements Supervisor {
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
    public synchronized void detach(EntityHandle entity, Actor actor) {
        calls.add(actor.name() + " detaches " + entity.name());
        checkRefusal(entity.name());
        if (entities.remove(entity.name()) == null) {
            throw new HamException(HamException.Code.NOT_FOUND, "no entity '" + entity.name() + "'");
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
                        List.of(),
                        1,
                        Optional.empty(),
                        false,
                        "",
                        -1))
                : Optional.empty();
    }

    @Override
    public synchronized Status status() {
        return new Status(1, 1, since, OptionalLong.empty(), false, 0, 0, 0, 0, 0, 0, "", true);
    }

    @Override
    public synchronized void verbosity(int level, Actor actor) {
        calls.add(actor.name() + " sets verbosity " + level);
    }

    @Override
    public EntityHandle attach(EntitySpec entity, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EntityHandle attachSelf(
            String name,
            ProcessId process,
            Optional<ProcessId> within,
            Optional<HeartbeatSpec> heartbeat,
            Set<EntityFlag> flags,
            Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detachSelf(EntityHandle entity, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(Handle target, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeFailItem(ActionHandle action, String item, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reportState(EntityHandle entity, int state, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void raise(EntityHandle entity, Raise what, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heartbeatHealthy(EntityHandle entity, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void beat(EntityHandle entity, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heartbeats(boolean active, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(String name, Predicate<Optional<EntityView>> until, Duration within) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tree tree() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long upgrade(Path distribution, Optional<Path> java, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop(Actor actor) {
        throw new UnsupportedOperationException();
    }
}
