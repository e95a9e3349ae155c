package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.HamException.Code;

/**
 * An action as it is asked for. Immutable.
 *
 * @param name unique in its condition
 * @param type the word an action plug-in goes by, such as {@code restart}
 * @param parameters what the plug-in needs, by its parameters' names; values are strings, numbers, booleans, lists of them
 * @param flags how it behaves
 * @param onFail what runs, in order, each time this action fails; fail items have no flags and no fail items
 */
public record ActionSpec(
        String name, String type, Map<String, Object> parameters, Set<ActionFlag> flags, List<ActionSpec> onFail) {
    /** The most actions a condition and the most fail items an action may have. */
    public static final int MOST = 256;

    /** Checks names and copies. */
    public ActionSpec {
        HamPath.requireName("action", name);
        requireNonNull(type, "type");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        flags = Vocabulary.copy(ActionFlag.class, flags);
        onFail = List.copyOf(onFail);
        if (flags.contains(ActionFlag.REARM) && flags.contains(ActionFlag.NO_REARM)) {
            throw new HamException(
                    Code.INVALID, "action '" + name + "' is flagged rearm and no-rearm; leave one of them out");
        }
        if (type.isBlank()) {
            throw new HamException(Code.INVALID, "action '" + name + "' has no type; say for example type: log");
        }
        if (onFail.size() > MOST) {
            throw new HamException(
                    Code.LIMIT, "action '" + name + "' has " + onFail.size() + " fail items, the most is " + MOST);
        }
        for (var item : onFail) {
            if (!item.onFail().isEmpty() || !item.flags().isEmpty()) {
                throw new HamException(
                        Code.INVALID,
                        "fail item '" + item.name() + "' of action '" + name
                                + "' may have neither flags nor fail items");
            }
        }
        if (onFail.stream().map(ActionSpec::name).distinct().count() != onFail.size()) {
            throw new HamException(Code.EXISTS, "action '" + name + "' has two fail items of one name");
        }
    }

    /** An action without flags and fail items. */
    public static ActionSpec of(String name, String type, Map<String, Object> parameters) {
        return new ActionSpec(name, type, parameters, Set.of(), List.of());
    }
}
