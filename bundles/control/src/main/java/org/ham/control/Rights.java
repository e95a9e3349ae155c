package org.ham.control;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionSpec;
import org.ham.api.EntityHandle;
import org.ham.api.EntityView;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;

/**
 * What a user may do who is neither root nor the HAM's own: attach itself, and act on the entities it owns. Actions run as the HAM's
 * user, so only those may be added that do nothing on their own. Immutable.
 */
final class Rights {
    /** What harms nobody. */
    static final Set<String> HARMLESS = Set.of("log", "waitfor", "notify-pulse", "heartbeat-healthy");

    private final long uid;
    private final Function<String, Optional<EntityView>> entities;

    Rights(long uid, Function<String, Optional<EntityView>> entities) {
        this.uid = uid;
        this.entities = entities;
    }

    /** What only root and the HAM's own user may do. */
    HamException denied(String what) {
        return new HamException(
                Code.DENIED,
                "user " + uid + " may not " + what
                        + "; it may attach itself and act on its own entities, and root may do it");
    }

    boolean owns(EntityView entity) {
        return entity.owner() == uid;
    }

    /** The entity, if it is this user's. */
    EntityView own(String name, String what) {
        HamPath.requireName("entity", name);
        var entity = entities.apply(name)
                .orElseThrow(() ->
                        new HamException(Code.NOT_FOUND, "no entity '" + name + "'; the tree shows what there is"));
        if (!owns(entity)) {
            throw new HamException(
                    Code.DENIED,
                    "user " + uid + " may not " + what + " entity '" + name + "': it belongs to "
                            + (entity.owner() < 0 ? "the HAM" : "user " + entity.owner())
                            + "; its owner and root may");
        }
        return entity;
    }

    /** A handle that means the very object that was checked, not what may stand there by the time it is used. */
    EntityHandle own(EntityHandle handle, String what) {
        var id = own(handle.name(), what).id();
        return handle.id() == 0 ? new EntityHandle(handle.name(), id) : handle;
    }

    ConditionHandle own(ConditionHandle handle, String what) {
        var entity = own(handle.entity(), what + " a condition of");
        return handle.id() != 0
                ? handle
                : entity.conditions().stream()
                        .filter(condition -> condition.name().equals(handle.name()))
                        .findFirst()
                        .map(found -> new ConditionHandle(handle.entity(), handle.name(), found.id()))
                        .orElse(handle);
    }

    ActionHandle own(ActionHandle handle, String what) {
        var entity = own(handle.entity(), what + " an action of");
        return handle.id() != 0
                ? handle
                : entity.conditions().stream()
                        .filter(condition -> condition.name().equals(handle.condition()))
                        .flatMap(condition -> condition.actions().stream())
                        .filter(action -> action.name().equals(handle.name()))
                        .findFirst()
                        .map(found -> new ActionHandle(handle.entity(), handle.condition(), handle.name(), found.id()))
                        .orElse(handle);
    }

    Handle own(Handle handle, String what) {
        return switch (handle) {
            case EntityHandle entity -> own(entity, what);
            case ConditionHandle condition -> own(condition, what);
            case ActionHandle action -> own(action, what);
        };
    }

    void harmless(ConditionSpec condition) {
        condition.actions().forEach(this::harmless);
    }

    void harmless(ActionSpec action) {
        if (!HARMLESS.contains(action.type())) {
            throw new HamException(
                    Code.DENIED,
                    "user " + uid + " may not add action '" + action.name() + "' of type " + action.type()
                            + ", which would run as the HAM's user; it may add "
                            + String.join(
                                    ", ",
                                    List.copyOf(HARMLESS).stream().sorted().toList()));
        }
        if (action.parameters().containsKey("node")) {
            throw new HamException(
                    Code.DENIED,
                    "user " + uid + " may not add action '" + action.name()
                            + "', which would tell another node in the HAM's name; leave out node, or ask root");
        }
        action.onFail().forEach(this::harmless);
    }

    /** Whether a name may be attached to: nobody's, this user's own, or of a process that HAM started as the caller. */
    void mayAttach(String name, boolean isItself) {
        HamPath.requireName("entity", name);
        entities.apply(name).filter(entity -> !owns(entity) && !isItself).ifPresent(entity -> {
            throw new HamException(
                    Code.DENIED,
                    "user " + uid + " may not attach itself as entity '" + name + "': it belongs to "
                            + (entity.owner() < 0 ? "the HAM" : "user " + entity.owner())
                            + " and HAM did not start this process; take another name");
        });
    }
}
