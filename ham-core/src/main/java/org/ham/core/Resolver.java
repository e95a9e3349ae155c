package org.ham.core;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionSpec;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.spi.ActionType;
import org.ham.spi.RestartAction;
import org.jspecify.annotations.Nullable;

/** Checks specified conditions and actions by the plug-ins they name. Thread-safe. */
final class Resolver {
    private final Plugins plugins;
    private final BooleanSupplier leaving;

    /**
     * Checks for somebody who may go.
     *
     * @param leaving whether it is about to go: then a plug-in that is being replaced is waited for no more, as it may itself wait for
     *     this to be gone
     */
    Resolver(Plugins plugins, BooleanSupplier leaving) {
        this.plugins = plugins;
        this.leaving = leaving;
    }

    /** A condition with all its actions. */
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

    /** An action: its type must be installed and its parameters must be right. */
    Action resolve(String where, ActionSpec spec) {
        var type = type(where, spec.type());
        try {
            return resolve(where, spec, type);
        } catch (HamException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new HamException(Code.FAILED, where + ": the plug-in '" + spec.type() + "' failed: " + e, e);
        }
    }

    private ActionType<?> type(String where, String name) {
        try {
            return plugins.await(name, leaving)
                    .orElseThrow(() -> new HamException(
                            Code.INVALID,
                            where + ": unknown action type '" + name + "'; installed are: "
                                    + String.join(", ", plugins.names())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HamException(
                    Code.NOT_CONNECTED,
                    where + ": interrupted while the plug-in '" + name
                            + "' was being replaced; nothing was done, ask again",
                    e);
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
