package org.ham.control;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
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

/** A connection of a user who may not do everything. Thread-safe. */
final class GuardedHam implements ServedHam {
    private final ServedHam ham;
    private final Rights rights;

    GuardedHam(ServedHam ham, long uid) {
        this(ham, new Rights(uid, ham::find));
    }

    private GuardedHam(ServedHam ham, Rights rights) {
        this.ham = ham;
        this.rights = rights;
    }

    @Override
    public ServedHam asking(String request) {
        return new GuardedHam(ham.asking(request), rights);
    }

    @Override
    public EntityHandle attach(EntitySpec entity) {
        throw rights.denied("attach entity '" + entity.name() + "'");
    }

    @Override
    public Attachment attachSelf(String name, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        return attachSelf(name, Optional.empty(), heartbeat, flags);
    }

    @Override
    public Attachment attachSelf(
            String name, Optional<ProcessId> within, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags) {
        rights.mayAttach(name, within.isPresent());
        return ham.attachSelf(name, within, heartbeat, flags);
    }

    /** Whose it is was seen from the process already. */
    @Override
    public void detachSelf(EntityHandle entity) {
        ham.detachSelf(entity);
    }

    @Override
    public void detach(EntityHandle entity) {
        ham.detach(rights.own(entity, "detach"));
    }

    @Override
    public EntityHandle entity(String name) {
        rights.own(name, "look at");
        return ham.entity(name);
    }

    @Override
    public ConditionHandle condition(String entity, String condition) {
        rights.own(entity, "look at");
        return ham.condition(entity, condition);
    }

    @Override
    public ActionHandle action(String entity, String condition, String action) {
        rights.own(entity, "look at");
        return ham.action(entity, condition, action);
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition) {
        rights.harmless(condition);
        return ham.addCondition(rights.own(entity, "add a condition to"), condition);
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action) {
        rights.harmless(action);
        return ham.addAction(rights.own(condition, "add an action to"), action);
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item) {
        rights.harmless(item);
        ham.addFailItem(rights.own(action, "add a fail item to"), item);
    }

    @Override
    public void remove(ConditionHandle condition) {
        ham.remove(rights.own(condition, "remove"));
    }

    @Override
    public void remove(ActionHandle action) {
        ham.remove(rights.own(action, "remove"));
    }

    @Override
    public void removeFailItem(ActionHandle action, String item) {
        ham.removeFailItem(rights.own(action, "remove a fail item of"), item);
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse) {
        ham.enable(rights.own(target, "switch"), enabled, recurse);
    }

    @Override
    public Set<EntityFlag> flags(EntityHandle target) {
        return ham.flags(rights.own(target, "look at"));
    }

    @Override
    public Set<ConditionFlag> flags(ConditionHandle target) {
        return ham.flags(rights.own(target, "look at"));
    }

    @Override
    public Set<ActionFlag> flags(ActionHandle target) {
        return ham.flags(rights.own(target, "look at"));
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags) {
        ham.changeFlags(rights.own(target, "change the flags of"), change, flags);
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags) {
        ham.changeFlags(rights.own(target, "change the flags of"), change, flags);
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags) {
        ham.changeFlags(rights.own(target, "change the flags of"), change, flags);
    }

    @Override
    public void reportState(EntityHandle entity, int state) {
        ham.reportState(rights.own(entity, "report a state of"), state);
    }

    @Override
    public void raise(EntityHandle entity, Raise what) {
        ham.raise(rights.own(entity, "raise something for"), what);
    }

    @Override
    public boolean heartbeats() {
        return ham.heartbeats();
    }

    @Override
    public boolean heartbeats(boolean active) {
        throw rights.denied((active ? "resume" : "suspend") + " the heartbeats of all entities");
    }

    @Override
    public int verbosity() {
        return ham.verbosity();
    }

    @Override
    public void verbosity(int level) {
        throw rights.denied("set the verbosity of the HAM");
    }

    @Override
    public Tree tree() {
        var tree = ham.tree();
        return new Tree(
                tree.seq(), tree.entities().stream().filter(rights::owns).toList());
    }

    @Override
    public Optional<EntityView> find(String name) {
        return ham.find(name).map(_ -> rights.own(name, "look at"));
    }

    @Override
    public Status status() {
        return ham.status();
    }

    @Override
    public Subscription subscribe(long after, Consumer<Event> listener, Consumer<HamException> ended) {
        throw rights.denied("follow the journal, which tells of all entities");
    }

    @Override
    public PulseChannel openChannel(Consumer<Pulse> receiver) {
        return ham.openChannel(receiver);
    }

    @Override
    public PulseChannel openChannel(int number, Consumer<Pulse> receiver) {
        return ham.openChannel(number, receiver);
    }

    @Override
    public void stop() {
        throw rights.denied("stop the HAM");
    }

    @Override
    public void close() {
        ham.close();
    }
}
