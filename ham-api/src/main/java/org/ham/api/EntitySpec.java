package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.ham.api.HamException.Code;

/**
 * An entity as it is asked for, whole: what an entity file holds. With neither {@code start} nor {@code pid} it is a
 * placeholder. Immutable.
 *
 * @param name unique in the HAM, or {@link HamPath#GLOBAL}, which may have conditions only
 * @param start how to start its process, now and at restarts that name no command of their own
 * @param pid a process that runs already
 * @param flags how it behaves
 * @param conditions what to watch for
 * @param heartbeat how often it beats, into its page, through its notify socket or by command; a process that attaches itself
 *     says so itself
 */
public record EntitySpec(
        String name,
        Optional<StartSpec> start,
        OptionalLong pid,
        Set<EntityFlag> flags,
        List<ConditionSpec> conditions,
        Optional<HeartbeatSpec> heartbeat) {
    /** Checks names and copies. */
    public EntitySpec {
        HamPath.requireName("entity", name);
        requireNonNull(start, "start");
        requireNonNull(pid, "pid");
        requireNonNull(heartbeat, "heartbeat");
        flags = Vocabulary.copy(EntityFlag.class, flags);
        conditions = List.copyOf(conditions);
        if (start.isPresent() && pid.isPresent()) {
            throw new HamException(Code.INVALID, "entity '" + name + "': give either start or pid, not both");
        }
        if (pid.isPresent() && pid.getAsLong() < 1) {
            throw new HamException(
                    Code.INVALID,
                    "entity '" + name + "': pid " + pid.getAsLong()
                            + " is not a process; give a pid above 0, or a command to start");
        }
        if (name.equals(HamPath.GLOBAL)
                && (start.isPresent() || pid.isPresent() || !flags.isEmpty() || heartbeat.isPresent())) {
            throw new HamException(
                    Code.INVALID, "the global entity '" + name + "' has no process and no flags, only conditions");
        }
        if (conditions.size() > ConditionSpec.MOST) {
            throw new HamException(
                    Code.LIMIT,
                    "entity '" + name + "' has " + conditions.size() + " conditions, the most is "
                            + ConditionSpec.MOST);
        }
        if (conditions.stream().map(ConditionSpec::name).distinct().count() != conditions.size()) {
            throw new HamException(Code.EXISTS, "entity '" + name + "' has two conditions of one name");
        }
    }

    /** An entity without a heartbeat. */
    public EntitySpec(
            String name,
            Optional<StartSpec> start,
            OptionalLong pid,
            Set<EntityFlag> flags,
            List<ConditionSpec> conditions) {
        this(name, start, pid, flags, conditions, Optional.empty());
    }

    /** An entity that HAM starts. */
    public static EntitySpec started(String name, StartSpec start) {
        return new EntitySpec(name, Optional.of(start), OptionalLong.empty(), Set.of(), List.of());
    }

    /** An entity whose process runs already. */
    public static EntitySpec running(String name, long pid) {
        return new EntitySpec(name, Optional.empty(), OptionalLong.of(pid), Set.of(), List.of());
    }

    /** A name without a process ({@code ham_entity}). */
    public static EntitySpec placeholder(String name) {
        return new EntitySpec(name, Optional.empty(), OptionalLong.empty(), Set.of(), List.of());
    }

    /** The same entity with these conditions. */
    public EntitySpec with(List<ConditionSpec> others) {
        return new EntitySpec(name, start, pid, flags, others, heartbeat);
    }

    /** The same entity with these flags. */
    public EntitySpec with(Set<EntityFlag> others) {
        return new EntitySpec(name, start, pid, others, conditions, heartbeat);
    }
}
