package org.ham.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the conditions of an entity with their actions and fail items. */
final class Conditions {
    private static final List<String> KEYS =
            List.of("when", "flags", "actions", "from", "to", "type", "class", "severity");
    private static final String ACTION = "an action as NAME: {type: …}";
    private static final String ACTIONS = "a list of actions as NAME: {type: …}";
    private static final String FAIL_ITEM = "a fail item as {type: …} or NAME: {type: …}";

    private Conditions() {}

    static List<ConditionSpec> of(Optional<Field> field) {
        var conditions = new ArrayList<ConditionSpec>();
        field.filter(map -> !map.isNothing())
                .flatMap(map -> map.map("a map of conditions by their names"))
                .orElse(Keys.NONE)
                .forEach((name, value) -> condition(name, value).ifPresent(conditions::add));
        return conditions;
    }

    private static Optional<ConditionSpec> condition(String name, Field field) {
        var map = field.map("a map such as {when: death, actions: […]}", KEYS);
        if (map.isEmpty()) {
            return Optional.empty();
        }
        var fields = map.get();
        var type = fields.get("when")
                .or(() -> field.wrong("when is missing; give a condition type such as when: death"))
                .flatMap(when -> when.text("a condition type such as death")
                        .flatMap(word -> when.checked(_ -> ConditionType.parse(word))));
        var flags = Words.flags(fields.get("flags"), "[rearm]", ConditionFlag::parse);
        var actions = new ArrayList<ActionSpec>();
        fields.get("actions")
                .filter(list -> !list.isNothing())
                .flatMap(list -> list.list(ACTIONS))
                .orElse(List.of())
                .forEach(action -> action(action, ACTION).ifPresent(actions::add));
        type.ifPresent(when -> Matches.check(when, fields));
        return type.flatMap(when -> switch (when) {
            case STATE ->
                Matches.states(fields)
                        .flatMap(match -> field.checked(
                                _ -> ConditionSpec.onState(name, match, flags).with(actions)));
            case RAISE ->
                Matches.raised(field, fields)
                        .flatMap(match -> field.checked(
                                _ -> ConditionSpec.onRaise(name, match, flags).with(actions)));
            default -> field.checked(_ -> new ConditionSpec(name, when, flags, actions));
        });
    }

    /** {@code NAME: {…}}, {@code NAME:} or just {@code NAME}. */
    private static Optional<ActionSpec> action(Field field, String what) {
        if (field.isScalar()) {
            return field.text(what).flatMap(name -> action(name, field, Keys.NONE));
        }
        if (!field.isMap()) {
            return field.expected(what);
        }
        return field.map(what).flatMap(keys -> {
            if (keys.names().size() != 1) {
                return field.expected(what);
            }
            var name = keys.names().iterator().next();
            var value = keys.get(name).orElseThrow();
            return value.isNothing()
                    ? action(name, value, Keys.NONE)
                    : value.map("a map of parameters").flatMap(body -> action(name, value, body));
        });
    }

    private static Optional<ActionSpec> action(String name, Field field, Keys fields) {
        var type = fields.has("type")
                ? fields.get("type").flatMap(word -> word.text("an action type such as log"))
                : Optional.of(name);
        var flags = Words.flags(fields.get("flags"), "[rearm]", ActionFlag::parse);
        var onFail = fields.get("on-fail")
                .flatMap(list -> list.list("a list of fail items such as [{type: log, message: …}]"))
                .map(Conditions::failItems)
                .orElse(List.of());
        return type.flatMap(word -> field.checked(_ -> new ActionSpec(name, word, parameters(fields), flags, onFail)));
    }

    private static List<ActionSpec> failItems(List<Field> fields) {
        var items = new LinkedHashMap<String, ActionSpec>();
        for (var field : fields) {
            var type = typeOf(field);
            var item = type.isPresent()
                    ? field.map(FAIL_ITEM).flatMap(keys -> action(unusedName(type.get(), items.keySet()), field, keys))
                    : action(field, FAIL_ITEM);
            item.ifPresent(spec -> {
                if (items.putIfAbsent(spec.name(), spec) != null) {
                    field.wrong("the fail item '" + spec.name() + "' stands here twice");
                }
            });
        }
        return List.copyOf(items.values());
    }

    /** The type of a fail item that has no name. */
    private static Optional<String> typeOf(Field field) {
        return field.isMap()
                ? field.map(FAIL_ITEM)
                        .flatMap(keys -> keys.get("type"))
                        .filter(Field::isScalar)
                        .flatMap(type -> type.text("an action type such as log"))
                : Optional.empty();
    }

    /** A fail item without a name goes by its type, the second of that type by {@code TYPE-2}. */
    private static String unusedName(String type, Set<String> taken) {
        var name = type;
        for (int number = 2; taken.contains(name); number++) {
            name = type + "-" + number;
        }
        return name;
    }

    private static Map<String, Object> parameters(Keys fields) {
        var parameters = new LinkedHashMap<String, Object>();
        fields.forEach((key, field) -> {
            if (!Set.of("type", "flags", "on-fail").contains(key)) {
                value(field).ifPresent(value -> parameters.put(key, value));
            }
        });
        return parameters;
    }

    /** Numbers in lists and maps stay as they are written: they are words of commands and values of variables. */
    private static Optional<Object> value(Field field) {
        return switch (field.node()) {
            case SequenceNode _ -> field.words("a list of texts").map(Object.class::cast);
            case ScalarNode scalar
            when scalar.getTag().equals(Tag.BOOL) -> field.truth().map(Object.class::cast);
            case ScalarNode scalar
            when scalar.getTag().equals(Tag.INT) && scalar.getValue().length() < 18 ->
                field.number(Long.MIN_VALUE, "a number").map(Object.class::cast);
            case ScalarNode _ -> field.text("a value").map(Object.class::cast);
            default -> Optional.of(field.texts("a map of texts"));
        };
    }
}
