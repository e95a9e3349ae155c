package org.ham.core.engine;

import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;
import org.jspecify.annotations.Nullable;

/** Finds what a command names, and refuses a handle whose object has gone. Pure. */
final class Targets {
    private Targets() {}

    /** The reason why there is no such object, or not this one; null when it is there. */
    static @Nullable HamException missing(
            State state, String entity, @Nullable String condition, @Nullable String action, long id) {
        var holder = state.entity(entity).orElse(null);
        if (holder == null) {
            return noEntity(entity);
        }
        if (condition == null) {
            return stale(HamPath.entity(entity), holder.id(), id);
        }
        var inner = holder.condition(condition).orElse(null);
        if (inner == null) {
            return noCondition(entity, condition);
        }
        if (action == null) {
            return stale(HamPath.condition(entity, condition), inner.id(), id);
        }
        var path = HamPath.action(entity, condition, action);
        var found = inner.action(action).orElse(null);
        return found == null
                ? new HamException(
                        Code.NOT_FOUND, "no action '" + path + "'; 'ham tree " + entity + "' shows what there is")
                : stale(path, found.id(), id);
    }

    private static @Nullable HamException stale(HamPath path, long there, long wanted) {
        return wanted == 0 || wanted == there
                ? null
                : new HamException(
                        Code.NOT_FOUND,
                        "what stood at '" + path + "' has gone, and another of that name has come; get a new handle");
    }

    /** The reason why an entity may not have this process: it is HAM's own, or another entity's; null when it may. */
    static @Nullable HamException taken(State state, String entity, ProcessId process) {
        if (process.pid() == state.hamPid() || process.pid() == state.guardianPid()) {
            return new HamException(
                    Code.INVALID,
                    "entity '" + entity + "': process " + process + " is the "
                            + (process.pid() == state.hamPid() ? "HAM" : "Guardian")
                            + " itself; the two watch each other already");
        }
        var other = state.entityOf(process)
                .map(Entity::name)
                .filter(name -> !name.equals(entity))
                .orElse(null);
        return other == null
                ? null
                : new HamException(
                        Code.EXISTS,
                        "entity '" + entity + "': process " + process + " is entity '" + other
                                + "' already; add conditions to that one");
    }

    static HamException noEntity(String name) {
        return new HamException(Code.NOT_FOUND, "no entity '" + name + "'; 'ham tree' shows what there is");
    }

    private static HamException noCondition(String entity, String condition) {
        return new HamException(
                Code.NOT_FOUND,
                "no condition '" + entity + "/" + condition + "'; 'ham tree " + entity + "' shows what there is");
    }
}
