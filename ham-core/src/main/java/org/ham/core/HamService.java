package org.ham.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ham.api.ActionSpec;
import org.ham.api.Actor;
import org.ham.api.ConditionSpec;
import org.ham.api.EntitySpec;
import org.ham.api.EntityView;
import org.ham.api.Ham;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Input;
import org.ham.spi.Primary;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The HAM as a service. It is there when the core leads: its activation is the takeover. Thread-safe. */
@Component(service = Ham.class, immediate = true)
public final class HamService implements Ham {
    private static final long LEAD_SECONDS = 60;

    private final Core core;

    @Activate
    public HamService(@Reference Core core, @Reference Primary primary) {
        this.core = core;
        await(core.lead(primary, ProcessHandle.current().pid()), LEAD_SECONDS);
    }

    @Deactivate
    void close() {
        await(core.follow(), LEAD_SECONDS);
    }

    @Override
    public void attach(EntitySpec entity, Actor actor) {
        var process =
                entity.pid().isPresent() ? core.host().identify(entity.pid().getAsLong()) : null;
        entity.start().ifPresent(core.host()::check);
        ask(attach(entity, process, false), actor);
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
                update);
    }

    private List<Condition> conditions(String entity, List<ConditionSpec> specs) {
        return specs.stream().map(spec -> core.plugins().resolve(entity, spec)).toList();
    }

    @Override
    public void detach(String entity, Actor actor) {
        ask(new Input.Detach(entity), actor);
    }

    @Override
    public void addCondition(String entity, ConditionSpec condition, Actor actor) {
        HamPath.condition(entity, condition.name());
        ask(new Input.AddCondition(entity, core.plugins().resolve(entity, condition)), actor);
    }

    @Override
    public void addAction(HamPath condition, ActionSpec action, Actor actor) {
        var name = requireCondition(condition);
        var path = HamPath.action(condition.entity(), name, action.name());
        var resolved = core.plugins().resolve(path.toString(), action);
        ask(new Input.AddAction(condition.entity(), name, resolved), actor);
    }

    private static String requireCondition(HamPath path) {
        if (path.action().isPresent()) {
            throw new HamException(Code.INVALID, "'" + path + "' is an action; an action is added to ENTITY/CONDITION");
        }
        return path.condition()
                .orElseThrow(() -> new HamException(
                        Code.INVALID, "'" + path + "' is an entity; an action is added to ENTITY/CONDITION"));
    }

    private static String requireAction(HamPath path) {
        return path.action()
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        "'" + path + "' is not an action; a fail item belongs to ENTITY/CONDITION/ACTION"));
    }

    @Override
    public void addFailItem(HamPath action, ActionSpec item, Actor actor) {
        var name = requireAction(action);
        if (!item.flags().isEmpty()) {
            throw new HamException(Code.INVALID, "fail item '" + item.name() + "' of " + action + " may have no flags");
        }
        var resolved = core.plugins().resolve(action + " on-fail " + item.name(), item);
        ask(new Input.AddFailItem(action.entity(), action.condition().orElseThrow(), name, resolved), actor);
    }

    @Override
    public void remove(HamPath path, Actor actor) {
        var condition = path.condition()
                .orElseThrow(() -> new HamException(
                        Code.INVALID, "'" + path + "' is an entity; detach it, or name a condition or action"));
        ask(new Input.Remove(path.entity(), condition, path.action().orElse(null), null), actor);
    }

    @Override
    public void removeFailItem(HamPath action, String item, Actor actor) {
        var name = requireAction(action);
        ask(new Input.Remove(action.entity(), action.condition().orElseThrow(), name, item), actor);
    }

    @Override
    public void enable(HamPath path, boolean enabled, boolean recurse, Actor actor) {
        ask(
                new Input.Enable(
                        path.entity(),
                        path.condition().orElse(null),
                        path.action().orElse(null),
                        enabled,
                        recurse),
                actor);
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
    public Status status() {
        return Views.status(core.state());
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
