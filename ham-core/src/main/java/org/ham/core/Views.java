package org.ham.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.ham.api.ActionFlag;
import org.ham.api.ActionView;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionView;
import org.ham.api.EntityFlag;
import org.ham.api.EntityView;
import org.ham.api.HeartbeatSpec;
import org.ham.api.HeartbeatView;
import org.ham.api.StartSpec;
import org.ham.api.Status;
import org.ham.api.Tree;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Entity;
import org.ham.core.engine.State;

/** The state as the API shows it. Stateless. */
final class Views {
    private Views() {}

    static Tree tree(State state) {
        var entities = new ArrayList<>(state.entities().values().stream()
                .sorted(Comparator.comparing(Entity::name))
                .map(Views::entity)
                .toList());
        if (!state.global().conditions().isEmpty()) {
            entities.add(entity(state.global()));
        }
        return new Tree(state.seq(), entities);
    }

    static EntityView entity(Entity entity) {
        var process = Optional.ofNullable(entity.process());
        return new EntityView(
                entity.name(),
                entity.kind().word(),
                entity.status().name().toLowerCase(Locale.ROOT),
                process.map(p -> OptionalLong.of(p.pid())).orElse(OptionalLong.empty()),
                process.map(p -> OptionalLong.of(p.startTime())).orElse(OptionalLong.empty()),
                entity.state(),
                entity.enabled(),
                entity.restarts(),
                entity.created(),
                Optional.ofNullable(entity.lastDeath()),
                Optional.ofNullable(entity.lastReason()),
                entity.flags().stream().map(EntityFlag::word).toList(),
                Optional.ofNullable(entity.start()).map(StartSpec::command).orElse(List.of()),
                entity.conditions().stream().map(Views::condition).toList(),
                entity.id(),
                Optional.ofNullable(entity.health().heartbeat()).map(beats -> heartbeat(beats, entity)),
                entity.health().ready(),
                entity.health().text(),
                entity.owner());
    }

    private static HeartbeatView heartbeat(HeartbeatSpec beats, Entity entity) {
        return new HeartbeatView(
                beats.period().toNanos(),
                beats.low(),
                beats.high(),
                beats.selfHealing(),
                entity.health().beating().word());
    }

    private static ConditionView condition(Condition condition) {
        return new ConditionView(
                condition.name(),
                condition.type().word(),
                condition.flags().stream().map(ConditionFlag::word).toList(),
                condition.enabled(),
                condition.actions().stream().map(Views::action).toList(),
                condition.id(),
                Optional.ofNullable(condition.onState()),
                Optional.ofNullable(condition.onRaise()));
    }

    private static ActionView action(Action action) {
        return new ActionView(
                action.name(),
                action.type(),
                action.flags().stream().map(ActionFlag::word).toList(),
                action.enabled(),
                action.parameters(),
                action.onFail().stream().map(Views::action).toList(),
                action.id());
    }

    static Status status(State state) {
        var entities = state.entities().values();
        return new Status(
                state.hamPid(),
                state.epoch(),
                state.since(),
                state.guardianPid() == 0 ? OptionalLong.empty() : OptionalLong.of(state.guardianPid()),
                state.guardianReady(),
                entities.size(),
                conditions(entities) + state.global().conditions().size(),
                actions(entities) + actions(List.of(state.global())),
                state.hamFailures(),
                state.guardianFailures(),
                state.verbosity(),
                String.join("; ", state.alarms().values()),
                !state.suspended());
    }

    private static int conditions(Collection<Entity> entities) {
        return entities.stream().mapToInt(e -> e.conditions().size()).sum();
    }

    private static int actions(Collection<Entity> entities) {
        return entities.stream()
                .flatMap(e -> e.conditions().stream())
                .mapToInt(c -> c.actions().size())
                .sum();
    }
}
