package org.ham.core;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.Attachment;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Event;
import org.ham.api.FlagChange;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
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
    private final Holdings holdings;

    Connected(ConnectionsService.Parts parts, Actor actor, Optional<ProcessId> process) {
        this(parts, actor, process, new Holdings(parts.rejoining()));
    }

    private Connected(ConnectionsService.Parts parts, Actor actor, Optional<ProcessId> process, Holdings holdings) {
        this.parts = parts;
        this.supervisor = parts.supervisor();
        this.actor = actor;
        this.process = process;
        this.holdings = holdings;
    }

    @Override
    public ServedHam asking(String request) {
        return new Connected(parts, actor.asking(request), process, holdings);
    }

    private Supervisor supervisor() {
        holdings.requireOpen();
        return supervisor;
    }

    private Lookup lookup() {
        return new Lookup(supervisor());
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
        // Another request than the one that attached it detaches it.
        return holdings.attached(entity, asking("")::detachSelf);
    }

    @Override
    public void detachSelf(EntityHandle entity) {
        supervisor().detachSelf(entity, actor);
        holdings.detached(entity);
    }

    @Override
    public void detach(EntityHandle entity) {
        supervisor().detach(entity, actor);
    }

    @Override
    public EntityHandle entity(String name) {
        return lookup().handle(name);
    }

    @Override
    public ConditionHandle condition(String entity, String condition) {
        return lookup().handle(entity, condition);
    }

    @Override
    public ActionHandle action(String entity, String condition, String action) {
        return lookup().handle(entity, condition, action);
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
        return lookup().flags(target);
    }

    @Override
    public Set<ConditionFlag> flags(ConditionHandle target) {
        return lookup().flags(target);
    }

    @Override
    public Set<ActionFlag> flags(ActionHandle target) {
        return lookup().flags(target);
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
        holdings.requireOpen();
        return holdings.keep(parts.subscriptions().open(after, listener, ended));
    }

    @Override
    public PulseChannel openChannel(Consumer<Pulse> receiver) {
        holdings.requireOpen();
        return holdings.keep(parts.channels().open(pid(), receiver));
    }

    @Override
    public PulseChannel openChannel(int number, Consumer<Pulse> receiver) {
        holdings.requireOpen();
        return holdings.keep(parts.channels().open(pid(), number, receiver));
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
        holdings.close();
    }
}
