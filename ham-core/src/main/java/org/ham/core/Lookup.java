package org.ham.core;

import java.util.Set;
import java.util.stream.Collectors;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionView;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.ConditionView;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.EntityView;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.ham.spi.Supervisor;

/**
 * Finds what stands in the tree under a name, or throws {@code NOT_FOUND}; under a handle only the very thing that the handle is of.
 * Immutable.
 */
record Lookup(Supervisor supervisor) {
    EntityHandle handle(String name) {
        return new EntityHandle(name, find(name).id());
    }

    ConditionHandle handle(String entity, String condition) {
        return new ConditionHandle(entity, condition, find(entity, condition).id());
    }

    ActionHandle handle(String entity, String condition, String action) {
        return new ActionHandle(
                entity, condition, action, find(entity, condition, action).id());
    }

    private EntityView find(String name) {
        HamPath.requireName("entity", name);
        return supervisor
                .entity(name)
                .orElseThrow(() ->
                        new HamException(Code.NOT_FOUND, "no entity '" + name + "'; the tree shows what there is"));
    }

    private ConditionView find(String entity, String condition) {
        HamPath.condition(entity, condition);
        return find(entity).conditions().stream()
                .filter(c -> c.name().equals(condition))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.NOT_FOUND,
                        "no condition '" + entity + "/" + condition + "'; the tree shows what there is"));
    }

    private ActionView find(String entity, String condition, String action) {
        HamPath.action(entity, condition, action);
        return find(entity, condition).actions().stream()
                .filter(a -> a.name().equals(action))
                .findFirst()
                .orElseThrow(() -> new HamException(
                        Code.NOT_FOUND,
                        "no action '" + entity + "/" + condition + "/" + action + "'; the tree shows what there is"));
    }

    Set<EntityFlag> flags(EntityHandle target) {
        var found = find(target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(EntityFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    Set<ConditionFlag> flags(ConditionHandle target) {
        var found = find(target.entity(), target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(ConditionFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    Set<ActionFlag> flags(ActionHandle target) {
        var found = find(target.entity(), target.condition(), target.name());
        requireSame(target, found.id());
        return found.flags().stream().map(ActionFlag::parse).collect(Collectors.toUnmodifiableSet());
    }

    private static void requireSame(Handle target, long id) {
        if (target.id() != 0 && target.id() != id) {
            throw new HamException(
                    Code.NOT_FOUND,
                    "what stood at '" + target.path()
                            + "' has gone, and another of that name has come; get a new handle");
        }
    }
}
