package org.ham.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.ActionView;
import org.ham.api.ConditionView;
import org.ham.api.EntityView;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.NodeInfo;
import org.ham.spi.Supervisor;

/**
 * One node of the tree, with what stands above it. Immutable.
 *
 * @param path where it is
 * @param entity the entity it is or belongs to
 * @param condition the condition it is or belongs to
 * @param action the action it is
 */
record Selection(HamPath path, EntityView entity, Optional<ConditionView> condition, Optional<ActionView> action) {

    /** Finds a node; throws {@link Code#NOT_FOUND} that says what there is instead. */
    static Selection of(Supervisor ham, HamPath path) {
        var entity = ham.entity(path.entity())
                .orElseThrow(() -> missing(
                        "entity",
                        path.entity(),
                        "",
                        ham.tree().entities().stream().map(EntityView::name).toList()));
        var condition = path.condition().map(name -> condition(entity, name));
        var action = path.action().map(name -> action(entity, condition.orElseThrow(), name));
        return new Selection(path, entity, condition, action);
    }

    /** What there is to tell of it. */
    Map<String, Object> info() {
        if (condition.isEmpty()) {
            return NodeInfo.of(entity);
        }
        return action.map(found -> NodeInfo.of(entity, condition.get(), found))
                .orElseGet(() -> NodeInfo.of(entity, condition.get()));
    }

    /** The entity with nothing in it but what leads to this node and what is below it. */
    EntityView narrowed() {
        if (condition.isEmpty()) {
            return entity;
        }
        var kept = condition.get();
        if (action.isPresent()) {
            kept = kept.with(List.of(action.get()));
        }
        return entity.with(List.of(kept));
    }

    private static ConditionView condition(EntityView entity, String name) {
        return entity.conditions().stream()
                .filter(condition -> condition.name().equals(name))
                .findFirst()
                .orElseThrow(() -> missing(
                        "condition",
                        name,
                        " in entity '" + entity.name() + "'",
                        entity.conditions().stream().map(ConditionView::name).toList()));
    }

    private static ActionView action(EntityView entity, ConditionView condition, String name) {
        return condition.actions().stream()
                .filter(action -> action.name().equals(name))
                .findFirst()
                .orElseThrow(() -> missing(
                        "action",
                        name,
                        " in condition '" + entity.name() + "/" + condition.name() + "'",
                        condition.actions().stream().map(ActionView::name).toList()));
    }

    private static HamException missing(String what, String name, String where, List<String> known) {
        var most = 10;
        var others = known.isEmpty()
                ? "there is none"
                : "there is: " + String.join(", ", known.stream().limit(most).toList())
                        + (known.size() > most ? ", … (" + known.size() + " in all)" : "");
        return new HamException(Code.NOT_FOUND, "no " + what + " '" + name + "'" + where + "; " + others);
    }
}
