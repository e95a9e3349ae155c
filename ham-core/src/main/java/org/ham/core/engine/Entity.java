package org.ham.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ham.api.EntityFlag;
import org.ham.api.EntityKind;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;

/** An entity as it stands. Immutable; built from another one with the {@code with} methods. */
public record Entity(
        String name,
        EntityKind kind,
        Status status,
        @Nullable StartSpec start,
        Set<EntityFlag> flags,
        boolean enabled,
        int state,
        @Nullable ProcessId process,
        @Nullable Pending pending,
        long restarts,
        String created,
        @Nullable String lastDeath,
        @Nullable ExitReason lastReason,
        List<Condition> conditions,
        List<Lane> lanes) {

    /** Where an entity is in its life; see the package's text. */
    public enum Status {
        UNATTACHED,
        STARTING,
        RUNNING,
        DEAD,
        DETACHING
    }

    public Entity {
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
        conditions = List.copyOf(conditions);
        lanes = List.copyOf(lanes);
    }

    static Entity placeholder(String name, EntityKind kind, String created) {
        return new Entity(
                name,
                kind,
                Status.UNATTACHED,
                null,
                Set.of(),
                true,
                0,
                null,
                null,
                0,
                created,
                null,
                null,
                List.of(),
                List.of());
    }

    Optional<Condition> condition(String wanted) {
        return conditions.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }

    /** Whether a restart action stands under one of its death conditions. */
    boolean hasRestart() {
        return conditions.stream().anyMatch(c -> c.actions().stream().anyMatch(Action::restarts));
    }

    Entity withStatus(Status next) {
        return new Entity(
                name,
                kind,
                next,
                start,
                flags,
                enabled,
                state,
                process,
                pending,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity withDefinition(@Nullable StartSpec newStart, Set<EntityFlag> newFlags) {
        return new Entity(
                name,
                kind,
                status,
                newStart,
                newFlags,
                enabled,
                state,
                process,
                pending,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity withEnabled(boolean on) {
        return new Entity(
                name,
                kind,
                status,
                start,
                flags,
                on,
                state,
                process,
                pending,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity withConditions(List<Condition> others) {
        return new Entity(
                name,
                kind,
                status,
                start,
                flags,
                enabled,
                state,
                process,
                pending,
                restarts,
                created,
                lastDeath,
                lastReason,
                others,
                lanes);
    }

    Entity withPending(@Nullable Pending next) {
        return new Entity(
                name,
                kind,
                status,
                start,
                flags,
                enabled,
                state,
                process,
                next,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity running(ProcessId id, boolean restarted) {
        return new Entity(
                name,
                EntityKind.EXTERNAL,
                Status.RUNNING,
                start,
                flags,
                enabled,
                0,
                id,
                null,
                restarted ? restarts + 1 : restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity dead(String when, ExitReason reason) {
        return new Entity(
                name,
                kind,
                Status.DEAD,
                start,
                flags,
                enabled,
                state,
                null,
                pending,
                restarts,
                created,
                when,
                reason,
                conditions,
                lanes);
    }

    Entity unattached() {
        return new Entity(
                name,
                EntityKind.PLACEHOLDER,
                Status.UNATTACHED,
                start,
                flags,
                enabled,
                0,
                null,
                null,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity withoutProcess() {
        return new Entity(
                name,
                kind,
                status,
                start,
                flags,
                enabled,
                state,
                null,
                null,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                lanes);
    }

    Entity withLanes(List<Lane> others) {
        return new Entity(
                name,
                kind,
                status,
                start,
                flags,
                enabled,
                state,
                process,
                pending,
                restarts,
                created,
                lastDeath,
                lastReason,
                conditions,
                others);
    }

    /** The same with one condition replaced by its namesake, or added at the end. */
    Entity with(Condition condition) {
        var changed = new ArrayList<>(conditions);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).name().equals(condition.name())) {
                changed.set(i, condition);
                return withConditions(changed);
            }
        }
        changed.add(condition);
        return withConditions(changed);
    }

    Entity without(String condition) {
        return withConditions(
                conditions.stream().filter(c -> !c.name().equals(condition)).toList());
    }

    Optional<Lane> lane(String key) {
        return lanes.stream().filter(l -> l.key().equals(key)).findFirst();
    }

    /** The same with a lane replaced by its namesake or added; a lane without runs is taken out. */
    Entity with(Lane lane) {
        var changed = new ArrayList<Lane>(lanes.size() + 1);
        var found = false;
        for (var each : lanes) {
            if (!each.key().equals(lane.key())) {
                changed.add(each);
            } else {
                found = true;
                if (!lane.runs().isEmpty()) {
                    changed.add(lane);
                }
            }
        }
        if (!found && !lane.runs().isEmpty()) {
            changed.add(lane);
        }
        return withLanes(changed);
    }
}
