package org.ham.core.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ham.api.Beating;
import org.ham.api.EntityFlag;
import org.ham.api.EntityKind;
import org.ham.api.ExitReason;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.jspecify.annotations.Nullable;

/**
 * An entity as it stands. Immutable; built from another one with the {@code with} methods.
 *
 * @param id the line that made it
 * @param owner the user that attached it, -1 for HAM itself
 * @param joined for one that attaches itself: whether the process it has now did so
 */
public record Entity(
        String name,
        long id,
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
        List<Lane> lanes,
        long owner,
        boolean joined,
        Health health) {

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
                0,
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
                List.of(),
                -1,
                false,
                Health.NONE);
    }

    /** What is changed on the way from one entity to the next; everything else is as it was. */
    private static final class Draft {
        private final Entity before;
        private long id;
        private EntityKind kind;
        private Status status;
        private @Nullable StartSpec start;
        private Set<EntityFlag> flags;
        private boolean enabled;
        private int state;
        private @Nullable ProcessId process;
        private @Nullable Pending pending;
        private long restarts;
        private @Nullable String lastDeath;
        private @Nullable ExitReason lastReason;
        private List<Condition> conditions;
        private List<Lane> lanes;
        private long owner;
        private boolean joined;
        private Health health;

        Draft(Entity of) {
            before = of;
            id = of.id;
            kind = of.kind;
            status = of.status;
            start = of.start;
            flags = of.flags;
            enabled = of.enabled;
            state = of.state;
            process = of.process;
            pending = of.pending;
            restarts = of.restarts;
            lastDeath = of.lastDeath;
            lastReason = of.lastReason;
            conditions = of.conditions;
            lanes = of.lanes;
            owner = of.owner;
            joined = of.joined;
            health = of.health;
        }

        Entity done() {
            return new Entity(
                    before.name,
                    id,
                    kind,
                    status,
                    start,
                    flags,
                    enabled,
                    state,
                    process,
                    pending,
                    restarts,
                    before.created,
                    lastDeath,
                    lastReason,
                    conditions,
                    lanes,
                    owner,
                    joined,
                    health);
        }
    }

    Optional<Condition> condition(String wanted) {
        return conditions.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }

    /** Whether a restart action stands under one of its death conditions. */
    boolean hasRestart() {
        return conditions.stream().anyMatch(c -> c.actions().stream().anyMatch(Action::restarts));
    }

    /** Whether its beats are to be watched: a late one heals an entity whose beats do so, even after the high mark. */
    public boolean isMonitored() {
        var heartbeat = health.heartbeat();
        return status == Status.RUNNING
                && enabled
                && heartbeat != null
                && (kind != EntityKind.SELF || joined)
                && (health.beating() != Beating.MISSED_HIGH || heartbeat.selfHealing());
    }

    /** Whether exactly this process is its own. */
    boolean runs(ProcessId which) {
        return status == Status.RUNNING && which.equals(process);
    }

    Entity made(long line, long by) {
        var draft = new Draft(this);
        draft.id = line;
        draft.owner = by;
        return draft.done();
    }

    Entity withStatus(Status next) {
        var draft = new Draft(this);
        draft.status = next;
        return draft.done();
    }

    Entity withDefinition(@Nullable StartSpec newStart, Set<EntityFlag> newFlags, @Nullable HeartbeatSpec heartbeat) {
        var draft = new Draft(this);
        draft.start = newStart;
        draft.flags = newFlags;
        draft.health = Objects.equals(heartbeat, health.heartbeat())
                ? health
                : new Health(heartbeat, Beating.OK, health.since(), health.ready(), health.text());
        return draft.done();
    }

    Entity withFlags(Set<EntityFlag> others) {
        var draft = new Draft(this);
        draft.flags = others;
        return draft.done();
    }

    Entity withEnabled(boolean on) {
        var draft = new Draft(this);
        draft.enabled = on;
        return draft.done();
    }

    Entity withState(int reported) {
        var draft = new Draft(this);
        draft.state = reported;
        return draft.done();
    }

    Entity withHealth(Health next) {
        var draft = new Draft(this);
        draft.health = next;
        return draft.done();
    }

    Entity withConditions(List<Condition> others) {
        var draft = new Draft(this);
        draft.conditions = others;
        return draft.done();
    }

    Entity withPending(@Nullable Pending next) {
        var draft = new Draft(this);
        draft.pending = next;
        return draft.done();
    }

    /** It has a process that begins now, as far as anybody knows. */
    Entity running(ProcessId which, boolean restarted, long now) {
        var draft = new Draft(this);
        draft.kind = kind == EntityKind.SELF ? EntityKind.SELF : EntityKind.EXTERNAL;
        draft.status = Status.RUNNING;
        draft.state = 0;
        draft.process = which;
        draft.pending = null;
        draft.restarts = restarted ? restarts + 1 : restarts;
        draft.joined = false;
        draft.health = health.fresh(health.heartbeat(), now);
        return draft.done();
    }

    /** Its process attached itself. */
    Entity joined(ProcessId which, @Nullable HeartbeatSpec heartbeat, long now) {
        var draft = new Draft(running(which, false, now));
        draft.kind = EntityKind.SELF;
        draft.joined = true;
        draft.state = status == Status.RUNNING ? state : 0;
        draft.health = health.fresh(heartbeat, now).withReady(status == Status.RUNNING && health.ready());
        return draft.done();
    }

    Entity withProcess(ProcessId which) {
        var draft = new Draft(this);
        draft.process = which;
        return draft.done();
    }

    Entity dead(String when, ExitReason reason) {
        var draft = new Draft(this);
        draft.status = Status.DEAD;
        draft.process = null;
        draft.joined = false;
        draft.lastDeath = when;
        draft.lastReason = reason;
        draft.health = health.withReady(false);
        return draft.done();
    }

    Entity unattached() {
        var draft = new Draft(this);
        draft.kind = EntityKind.PLACEHOLDER;
        draft.status = Status.UNATTACHED;
        draft.state = 0;
        draft.process = null;
        draft.pending = null;
        draft.joined = false;
        draft.health = health.fresh(health.heartbeat(), 0);
        return draft.done();
    }

    Entity withoutProcess() {
        var draft = new Draft(this);
        draft.process = null;
        draft.pending = null;
        return draft.done();
    }

    Entity withLanes(List<Lane> others) {
        var draft = new Draft(this);
        draft.lanes = others;
        return draft.done();
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
