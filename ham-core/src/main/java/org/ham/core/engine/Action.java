package org.ham.core.engine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.jspecify.annotations.Nullable;

/**
 * An action, or a fail item, as it stands in the tree or in a run. Immutable.
 *
 * @param restarts whether it starts the entity's process again
 * @param command for one that restarts: what to start, or null for the entity's own start command
 * @param waits whether a no-wait condition must refuse it
 * @param id the line that made it, 0 before and for a fail item
 */
public record Action(
        String name,
        String type,
        Map<String, Object> parameters,
        Set<ActionFlag> flags,
        boolean enabled,
        List<Action> onFail,
        boolean restarts,
        @Nullable List<String> command,
        boolean waits,
        long id) {
    public Action {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
        onFail = List.copyOf(onFail);
        command = command == null ? null : List.copyOf(command);
    }

    public Action(
            String name,
            String type,
            Map<String, Object> parameters,
            Set<ActionFlag> flags,
            boolean enabled,
            List<Action> onFail,
            boolean restarts,
            @Nullable List<String> command,
            boolean waits) {
        this(name, type, parameters, flags, enabled, onFail, restarts, command, waits, 0);
    }

    boolean has(ActionFlag flag) {
        return flags.contains(flag);
    }

    /** Whether it stays when its entity is restarted: off by default under the death conditions, on elsewhere. */
    boolean rearms(boolean underDeath) {
        return has(ActionFlag.REARM) || (!underDeath && !has(ActionFlag.NO_REARM));
    }

    Action withEnabled(boolean on) {
        return new Action(name, type, parameters, flags, on, onFail, restarts, command, waits, id);
    }

    Action withOnFail(List<Action> items) {
        return new Action(name, type, parameters, flags, enabled, items, restarts, command, waits, id);
    }

    Action withFlags(Set<ActionFlag> others) {
        return new Action(name, type, parameters, others, enabled, onFail, restarts, command, waits, id);
    }

    private Action withId(long line) {
        return new Action(name, type, parameters, flags, enabled, onFail, restarts, command, waits, line);
    }

    /** The same, made by a line, unless another line has made it. */
    Action made(long line) {
        return id == 0 ? withId(line) : this;
    }

    /** Whether the two were defined alike; being switched off is not part of a definition. */
    boolean sameDefinition(Action other) {
        return withEnabled(true).withId(0).equals(other.withEnabled(true).withId(0));
    }

    /** This definition with the switch of what stood there before, and its id when it was defined alike. */
    Action after(Action old) {
        var switched = withEnabled(old.enabled);
        return sameDefinition(old) ? switched.withId(old.id) : switched;
    }
}
