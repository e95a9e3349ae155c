package org.ham.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.ham.api.ConditionType;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;

/** Reads which changes of state, and what of the things raised, a condition looks for. */
final class Matches {
    static final List<String> STATE_KEYS = List.of("from", "to");
    static final List<String> RAISE_KEYS = List.of("type", "class", "severity");
    private static final String STATES = "any, a state such as 3, a list such as [1, 4], or {not: [1, 4]}";

    private Matches() {}

    /** Notes keys that do not go with the type of the condition. */
    static void check(ConditionType type, Keys keys) {
        refuse(keys, STATE_KEYS, type == ConditionType.STATE, "counts for when: state only");
        refuse(keys, RAISE_KEYS, type == ConditionType.RAISE, "counts for when: raise only");
    }

    private static void refuse(Keys keys, List<String> names, boolean allowed, String why) {
        if (!allowed) {
            names.forEach(name -> keys.get(name).ifPresent(field -> field.wrong(why)));
        }
    }

    /** The changes of state that count; any where nothing is said. */
    static Optional<StateMatch> states(Keys keys) {
        var from = keys.get("from").map(Matches::set).orElse(Optional.of(StateSet.ANY));
        var to = keys.get("to").map(Matches::set).orElse(Optional.of(StateSet.ANY));
        return from.flatMap(before -> to.map(after -> new StateMatch(before, after)));
    }

    private static Optional<StateSet> set(Field field) {
        if (field.isMap()) {
            return field.map(STATES, List.of("not"))
                    .flatMap(keys -> keys.get("not")
                            .or(() -> keys.names().isEmpty() ? field.expected(STATES) : Optional.empty()))
                    .flatMap(Matches::listed)
                    .flatMap(listed -> field.checked(_ -> StateSet.not(listed.states())));
        }
        return listed(field);
    }

    private static Optional<StateSet> listed(Field field) {
        if (field.isScalar()) {
            return field.text(STATES).flatMap(text -> field.checked(_ -> StateSet.parse(text)));
        }
        return field.list(STATES).flatMap(elements -> {
            var states = new HashSet<Integer>();
            var good = elements.stream()
                    .filter(element -> state(element).map(states::add).isPresent())
                    .count();
            return good == elements.size() ? field.checked(_ -> StateSet.of(states)) : Optional.empty();
        });
    }

    private static Optional<Integer> state(Field field) {
        var what = "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        return field.number(Integer.MIN_VALUE, what)
                .flatMap(number ->
                        number <= Integer.MAX_VALUE ? Optional.of(number.intValue()) : field.<Integer>expected(what));
    }

    /** What counts of the things raised; everything where nothing is said. */
    static Optional<RaiseMatch> raised(Field condition, Keys keys) {
        var type = word(keys, "type");
        var category = word(keys, "class");
        var severity = word(keys, "severity");
        return type.isEmpty() || category.isEmpty() || severity.isEmpty()
                ? Optional.empty()
                : condition.checked(_ -> RaiseMatch.parse(type.get(), category.get(), severity.get()));
    }

    private static Optional<String> word(Keys keys, String name) {
        return keys.get(name).map(field -> field.text("any or a number")).orElse(Optional.of("any"));
    }
}
