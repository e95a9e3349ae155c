package org.ham.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.Raise;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Input;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The HAM as a service. It is there when the core leads: its activation is the takeover. It registers itself only then: what
 * Declarative Services offer before it is activated others cannot get in the meantime, and would not ask for again. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class SupervisorService implements Supervisor {
    private static final long LEAD_SECONDS = 60;

    private final Core core;
    private final Resolver resolver;
    private final ServiceRegistration<Supervisor> registration;
    private volatile boolean leaving;

    @Activate
    public SupervisorService(@Reference Core core, @Reference Primary primary, BundleContext context) {
        this.core = core;
        resolver = new Resolver(
                core.plugins(),
                () -> leaving || core.leaving() || context.getBundle().getState() == Bundle.STOPPING);
        await(core.lead(primary, ProcessHandle.current().pid()), LEAD_SECONDS);
        registration = context.registerService(Supervisor.class, this, null);
    }

    @Deactivate
    void close() {
        // As in the core: it may go alone.
        leaving = true;
        try {
            registration.unregister();
        } catch (IllegalStateException _) {
            // The framework was quicker, as the bundle stops.
        }
        await(core.follow(), LEAD_SECONDS);
    }

    @Override
    public EntityHandle attach(EntitySpec entity, Actor actor) {
        var process =
                entity.pid().isPresent() ? core.host().identify(entity.pid().getAsLong()) : null;
        entity.start().ifPresent(core.host()::check);
        ask(attach(entity, process, false), actor);
        return handle(entity.name());
    }

    @Override
    public void declare(EntitySpec entity, Actor actor) {
        var known = core.state().entity(entity.name());
        var has = known.filter(e -> e.status() != Entity.Status.UNATTACHED).isPresent();
        var process = !has && entity.pid().isPresent()
                ? core.host().identify(entity.pid().getAsLong())
                : null;
        entity.start().ifPresent(core.host()::check);
        ask(attach(entity, process, true), actor);
    }

    private Input attach(EntitySpec entity, @Nullable ProcessId process, boolean update) {
        return new Input.Attach(
                entity.name(),
                entity.start().orElse(null),
                process,
                entity.flags(),
                conditions(entity.name(), entity.conditions()),
                entity.heartbeat().orElse(null),
                update);
    }

    private List<Condition> conditions(String entity, List<ConditionSpec> specs) {
        return specs.stream().map(spec -> resolver.resolve(entity, spec)).toList();
    }

    private EntityHandle handle(String name) {
        return new EntityHandle(name, core.state().entity(name).map(Entity::id).orElse(0L));
    }

    @Override
    public EntityHandle attachSelf(
            String name,
            ProcessId process,
            Optional<ProcessId> within,
            Optional<HeartbeatSpec> heartbeat,
            Set<EntityFlag> flags,
            Actor actor) {
        HamPath.requireName("entity", name);
        ask(
                new Input.AttachSelf(name, process, within.orElse(null), heartbeat.orElse(null), flags, actor.uid()),
                actor);
        return handle(name);
    }

    @Override
    public void detach(EntityHandle entity, Actor actor) {
        ask(new Input.Detach(entity.name(), entity.id(), false), actor);
    }

    @Override
    public void detachSelf(EntityHandle entity, Actor actor) {
        ask(new Input.Detach(entity.name(), entity.id(), true), actor);
    }

    @Override
    public ConditionHandle addCondition(EntityHandle entity, ConditionSpec condition, Actor actor) {
        HamPath.condition(entity.name(), condition.name());
        var resolved = resolver.resolve(entity.name(), condition);
        ask(new Input.AddCondition(entity.name(), entity.id(), resolved), actor);
        var made = core.state().entity(entity.name()).stream()
                .flatMap(e -> e.conditions().stream())
                .filter(c -> c.name().equals(condition.name()))
                .mapToLong(Condition::id)
                .findFirst();
        return new ConditionHandle(entity.name(), condition.name(), made.orElse(0));
    }

    @Override
    public ActionHandle addAction(ConditionHandle condition, ActionSpec action, Actor actor) {
        var path = HamPath.action(condition.entity(), condition.name(), action.name());
        var resolved = resolver.resolve(path.toString(), action);
        ask(new Input.AddAction(condition.entity(), condition.name(), condition.id(), resolved), actor);
        var made = core.state().entity(condition.entity()).stream()
                .flatMap(e -> e.conditions().stream())
                .filter(c -> c.name().equals(condition.name()))
                .flatMap(c -> c.actions().stream())
                .filter(a -> a.name().equals(action.name()))
                .mapToLong(org.ham.core.engine.Action::id)
                .findFirst();
        return new ActionHandle(condition.entity(), condition.name(), action.name(), made.orElse(0));
    }

    @Override
    public void addFailItem(ActionHandle action, ActionSpec item, Actor actor) {
        var path = action.path();
        if (!item.flags().isEmpty()) {
            throw new HamException(Code.INVALID, "fail item '" + item.name() + "' of " + path + " may have no flags");
        }
        var resolved = resolver.resolve(path + " on-fail " + item.name(), item);
        ask(new Input.AddFailItem(action.entity(), action.condition(), action.name(), action.id(), resolved), actor);
    }

    @Override
    public void remove(Handle target, Actor actor) {
        var path = target.path();
        var condition = path.condition()
                .orElseThrow(() -> new HamException(
                        Code.INVALID, "'" + path + "' is an entity; detach it, or name a condition or action"));
        ask(new Input.Remove(path.entity(), condition, path.action().orElse(null), null, target.id()), actor);
    }

    @Override
    public void removeFailItem(ActionHandle action, String item, Actor actor) {
        ask(new Input.Remove(action.entity(), action.condition(), action.name(), item, action.id()), actor);
    }

    @Override
    public void enable(Handle target, boolean enabled, boolean recurse, Actor actor) {
        var path = target.path();
        ask(
                new Input.Enable(
                        path.entity(),
                        path.condition().orElse(null),
                        path.action().orElse(null),
                        enabled,
                        recurse,
                        target.id()),
                actor);
    }

    @Override
    public void changeFlags(EntityHandle target, FlagChange change, Set<EntityFlag> flags, Actor actor) {
        changeFlags(target, change, flags, Set.of(), Set.of(), actor);
    }

    @Override
    public void changeFlags(ConditionHandle target, FlagChange change, Set<ConditionFlag> flags, Actor actor) {
        changeFlags(target, change, Set.of(), flags, Set.of(), actor);
    }

    @Override
    public void changeFlags(ActionHandle target, FlagChange change, Set<ActionFlag> flags, Actor actor) {
        changeFlags(target, change, Set.of(), Set.of(), flags, actor);
    }

    private void changeFlags(
            Handle target,
            FlagChange change,
            Set<EntityFlag> ofEntity,
            Set<ConditionFlag> ofCondition,
            Set<ActionFlag> ofAction,
            Actor actor) {
        var path = target.path();
        ask(
                new Input.ChangeFlags(
                        path.entity(),
                        path.condition().orElse(null),
                        path.action().orElse(null),
                        target.id(),
                        change,
                        ofEntity,
                        ofCondition,
                        ofAction),
                actor);
    }

    @Override
    public void reportState(EntityHandle entity, int state, Actor actor) {
        ask(new Input.ReportState(entity.name(), entity.id(), state), actor);
    }

    @Override
    public void raise(EntityHandle entity, Raise what, Actor actor) {
        ask(new Input.RaiseFor(entity.name(), entity.id(), what.type(), what.category(), what.severity()), actor);
    }

    @Override
    public void heartbeatHealthy(EntityHandle entity, Actor actor) {
        ask(new Input.Heal(entity.name(), entity.id()), actor);
    }

    @Override
    public void beat(EntityHandle entity, Actor actor) {
        var known = core.state()
                .entity(entity.name())
                .filter(e -> entity.id() == 0 || e.id() == entity.id())
                .orElseThrow(() -> new HamException(
                        Code.NOT_FOUND, "no entity '" + entity.name() + "' to beat for; the tree shows what there is"));
        var process = known.process();
        if (process != null) {
            core.beat(known.name(), process);
        }
    }

    @Override
    public void heartbeats(boolean active, Actor actor) {
        ask(new Input.Heartbeats(active), actor);
    }

    @Override
    public void verbosity(int level, Actor actor) {
        ask(new Input.Verbosity(level), actor);
    }

    @Override
    public Tree tree() {
        return Views.tree(core.state());
    }

    @Override
    public Optional<EntityView> entity(String name) {
        return core.state().entity(name).map(Views::entity);
    }

    @Override
    public boolean await(String name, Predicate<Optional<EntityView>> until, Duration within)
            throws InterruptedException {
        return core.published().await(state -> until.test(state.entity(name).map(Views::entity)), within.toNanos());
    }

    @Override
    public Status status() {
        return Views.status(core.state());
    }

    @Override
    public long upgrade(Path distribution, Optional<Path> java, Actor actor) {
        return core.upgrades().begin(distribution, java, List.of(), actor);
    }

    @Override
    public void stop(Actor actor) {
        ask(new Input.Stop(), actor);
    }

    private void ask(Input input, Actor actor) {
        await(core.ask(input, actor), core.settings().replyWithin().toSeconds());
    }

    private static void await(CompletableFuture<Void> reply, long seconds) {
        try {
            reply.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HamException refused) {
                throw refused;
            }
            throw new HamException(Code.FAILED, "HAM failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new HamException(
                    Code.TIMED_OUT,
                    "the core did not answer within " + seconds
                            + "s; it may still do what was asked, look before you repeat",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(Code.FAILED, "interrupted while waiting for the core", e);
        }
    }
}
