package org.ham.core;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ActionView;
import org.ham.api.Actor;
import org.ham.api.Attachment;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionView;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.ham.api.Raise;
import org.ham.api.Status;
import org.ham.api.Subscription;
import org.ham.api.Tree;
import org.ham.spi.ServedHam;
import org.ham.spi.Supervisor;

/** One connection, inside the HAM. Thread-safe. */
class Connected implements ServedHam {
    private final Supervisor supervisor;
    private final ConnectionsService.Parts parts;
    private final Actor actor;
    private final Optional<ProcessId> process;
    private final Shared shared;

    /** What the views of one connection have in common, and what tells it from another. */
    private static final class Shared {
        final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
        volatile boolean closed;
    }

    Connected(ConnectionsService.Parts parts, Actor actor, Optional<ProcessId> process) {
        this(parts, actor, process, new Shared());
    }

    private Connected(ConnectionsService.Parts parts, Actor actor, Optional<ProcessId> process, Shared shared) {
        this.parts = parts;
        this.supervisor = parts.supervisor();
        this.actor = actor;
        this.process = process;
        this.shared = shared;
    }

    @Override
    public ServedHam asking(String request) {
        return new Connected(parts, actor.asking(request), process, shared);
    }

    private Supervisor supervisor() {
        if (shared.closed) {
            throw new HamException(Code.NOT_CONNECTED, "this connection is closed; open another one");
        }
        return supervisor;
    }

    @Override
    public EntityHandle attach(EntitySpec entity) {
        return supervisor().attach(entity, actor);
    }

    @Override
    public Attachment attachSelf(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        return attachSelf(name, Optional.empty(), heartbeat, flags);
    }

    @Override
    public Attachment attachSelf(
            String name, Optional<ProcessId> within, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        var self = process.orElseThrow(() -> new HamException(
                Code.INVALID,
                "entity '" + name + "': this is the process of the HAM itself, which its Guardian watches; it cannot"
                        + " attach itself"));
        var entity = supervisor().attachSelf(name, self, within, heartbeat, flags, actor);
        parts.rejoining().attached(name, shared);
        var attached = new Attached(entity);
        shared.open.add(attached);
        return attached;
    }

    @Override
    public void detachSelf(EntityHandle entity) {
        supervisor().detachSelf(entity, actor);
        shared.open.removeIf(one ->
                one instanceof Attached attached && attached.entity().name().equals(entity.name()));
        parts.rejoining().detached(entity.name(), shared);
    }

    @Override
    public void detach(EntityHandle entity) {
        supervisor().detach(entity, actor);
    }

    @Override
    public EntityHandle entity(String name) {
        return new EntityHandle(name, require(name).id());
    }

    @Override
    public ConditionHandle condition(String entity, String condition) {
        return new ConditionHandle(entity, condition, require(entity, condition).id());
    }

    @Override
    public ActionHandle action(String entity, String condition, String action) {
        return new ActionHandle(
                entity, condition, action, require(entity, condition, action).id());
    }

    private EntityView require(String name) {
        HamPath.requireName("entity", name);
        return supervisor()
                .entity(name)
                .orElseThrow(() ->
                        new HamException(Code.NOT_FOUND, "no entity '" + name + "'; the tree shows what there is"));
    }

    private ConditionView require(String entity, String condition) {
        return require(entity).conditions().stream()
                .filter(c -> c.name().equals(condition))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.NOT_FOUND,
                        "no condition '" + entity + "/" + condition + "'; the tree shows what there is"));
    }

    private ActionView require(String entity, String condition, String action) {
        return require(entity, condition).actions().stream()
                .filter(a -> a.name().equals(action))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.NOT_FOUND,
                        "no action '" + entity + "/" + condition + "/" + action + "'; the tree shows what there is"));
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition) {
        return supervisor().addCondition(entity, condition, actor);
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action) {
        return supervisor().addAction(condition, action, actor);
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item) {
        supervisor().addFailItem(action, item, actor);
    }

    @Override
    public void remove(ConditionHandle condition) {
        supervisor().remove(condition, actor);
    }

    @Override
    public void remove(ActionHandle action) {
        supervisor().remove(action, actor);
    }

    @Override
    public void removeFailItem(ActionHandle action, String item) {
        supervisor().removeFailItem(action, item, actor);
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse) {
        supervisor().enable(target, enabled, recurse, actor);
    }

    @Override
    public Set<EntityFlag> flags(EntityHandle target) {
        var found = require(target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(EntityFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<ConditionFlag> flags(ConditionHandle target) {
        var found = require(target.entity(), target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(ConditionFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<ActionFlag> flags(ActionHandle target) {
        var found = require(target.entity(), target.condition(), target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(ActionFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    private static void requireSame(Handle target, long id) {
        if (target.id() != 0 && target.id() != id) {
            throw new HamException(
                    Code.NOT_FOUND,
                    "what stood at '" + target.path()
                            + "' has gone, and another of that name has come; get a new handle");
        }
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags) {
        supervisor().changeFlags(target, change, flags, actor);
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags) {
        supervisor().changeFlags(target, change, flags, actor);
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags) {
        supervisor().changeFlags(target, change, flags, actor);
    }

    @Override
    public void reportState(EntityHandle entity, int state) {
        supervisor().reportState(entity, state, actor);
    }

    @Override
    public void raise(EntityHandle entity, Raise what) {
        supervisor().raise(entity, what, actor);
    }

    @Override
    public boolean heartbeats() {
        return supervisor().status().heartbeats();
    }

    @Override
    public boolean heartbeats(boolean active) {
        var before = heartbeats();
        supervisor().heartbeats(active, actor);
        return before;
    }

    @Override
    public int verbosity() {
        return supervisor().status().verbosity();
    }

    @Override
    public void verbosity(int level) {
        supervisor().verbosity(level, actor);
    }

    @Override
    public Tree tree() {
        return supervisor().tree();
    }

    @Override
    public Optional<EntityView> find(String name) {
        return supervisor().entity(name);
    }

    @Override
    public Status status() {
        return supervisor().status();
    }

    @Override
    public Subscription subscribe(long after, Consumer<Event> listener, Consumer<HamException> ended) {
        supervisor();
        return new Kept(parts.subscriptions().open(after, listener, ended));
    }

    @Override
    public PulseChannel openChannel(Consumer<Pulse> receiver) {
        supervisor();
        var channel = parts.channels().open(pid(), receiver);
        shared.open.add(channel);
        return channel;
    }

    @Override
    public PulseChannel openChannel(int number, Consumer<Pulse> receiver) {
        supervisor();
        var channel = parts.channels().open(pid(), number, receiver);
        shared.open.add(channel);
        return channel;
    }

    private long pid() {
        return process.map(ProcessId::pid).orElseGet(actor::pid);
    }

    @Override
    public void stop() {
        supervisor().stop(actor);
    }

    @Override
    public void close() {
        shared.closed = true;
        for (var one : shared.open) {
            try {
                if (one instanceof Attached attached) {
                    attached.lost();
                } else {
                    one.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException("a part of a connection does not close", e);
            }
        }
        shared.open.clear();
    }

    /** A subscription that ends with its connection. */
    private final class Kept implements Subscription {
        private final Subscription inner;

        Kept(Subscription inner) {
            this.inner = inner;
            shared.open.add(this);
        }

        @Override
        public long seq() {
            return inner.seq();
        }

        @Override
        public void close() {
            shared.open.remove(this);
            inner.close();
        }
    }

    /** The HAM's side of an attachment: the beats themselves come through the page of memory. */
    private final class Attached implements Attachment {
        private final EntityHandle entity;

        Attached(EntityHandle entity) {
            this.entity = entity;
        }

        @Override
        public EntityHandle entity() {
            return entity;
        }

        @Override
        public void beat() {
            // Beats are stored by the process itself.
        }

        @Override
        public Beater register(String name) {
            throw new HamException(Code.INVALID, "threads are registered in the process they belong to");
        }

        @Override
        public void detach() {
            // Another request than the one that attached it.
            asking("").detachSelf(entity);
        }

        void lost() {
            parts.rejoining().lost(entity.name(), shared);
        }

        @Override
        public void close() {
            if (shared.open.contains(this)) {
                detach();
            }
        }
    }
}
