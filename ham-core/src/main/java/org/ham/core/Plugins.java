package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionSpec;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.spi.ActionType;
import org.ham.spi.RestartAction;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The action plug-ins that are installed, and what they make of specifications. Thread-safe. */
@Component(service = Plugins.class)
public final class Plugins {
    private static final Logger LOG = System.getLogger(Plugins.class.getName());

    private final ConcurrentHashMap<String, ActionType<?>> types = new ConcurrentHashMap<>();
    private final List<Consumer<String>> removalListeners = new CopyOnWriteArrayList<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindType(ActionType<?> type) {
        try {
            var before = types.put(type.name(), type);
            if (before != null) {
                LOG.log(Level.WARNING, "Action type {0}: {1} replaces {2}", type.name(), type, before);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "An action plug-in, " + type.getClass().getName() + ", cannot tell its name", e);
        }
    }

    void unbindType(ActionType<?> type) {
        // First out, then told: a run that begins in between either finds nothing or is among those told of.
        types.forEach((name, installed) -> {
            if (installed == type && types.remove(name, installed)) {
                removalListeners.forEach(listener -> listener.accept(name));
            }
        });
    }

    /** Tells of each type whose plug-in goes away. */
    void onRemoval(Consumer<String> listener) {
        removalListeners.add(listener);
    }

    /** Takes back {@link #onRemoval}. */
    void offRemoval(Consumer<String> listener) {
        removalListeners.remove(listener);
    }

    Optional<ActionType<?>> find(String type) {
        return Optional.ofNullable(types.get(type));
    }

    /** Checks a specified condition with all its actions. */
    Condition resolve(String entity, ConditionSpec spec) {
        return new Condition(
                spec.name(),
                spec.type(),
                spec.flags(),
                true,
                spec.actions().stream()
                        .map(a -> resolve(entity + "/" + spec.name() + "/" + a.name(), a))
                        .toList(),
                spec.onState().orElse(null),
                spec.onRaise().orElse(null),
                0);
    }

    /** Checks a specified action: its type must be installed and its parameters must be right. */
    Action resolve(String where, ActionSpec spec) {
        var type = find(spec.type())
                .orElseThrow(() -> new HamException(
                        Code.INVALID,
                        where + ": unknown action type '" + spec.type() + "'; installed are: "
                                + String.join(", ", new TreeMap<>(types).keySet())));
        try {
            return resolve(where, spec, type);
        } catch (HamException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new HamException(Code.FAILED, where + ": the plug-in '" + spec.type() + "' failed: " + e, e);
        }
    }

    private <P extends Record> Action resolve(String where, ActionSpec spec, ActionType<P> type) {
        var bound = Parameters.bind(where + " (" + spec.type() + ")", type.parameters(), spec.parameters());
        @Nullable
        List<String> command = type instanceof RestartAction<P> restart
                ? restart.command(bound).orElse(null)
                : null;
        return new Action(
                spec.name(),
                spec.type(),
                spec.parameters(),
                spec.flags(),
                true,
                spec.onFail().stream()
                        .map(item -> resolve(where + " on-fail " + item.name(), item))
                        .toList(),
                type instanceof RestartAction<?>,
                command,
                type instanceof org.ham.spi.Action<?> action && action.waits());
    }
}
