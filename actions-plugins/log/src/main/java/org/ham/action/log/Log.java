package org.ham.action.log;

import java.lang.System.Logger.Level;
import java.util.Optional;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.osgi.service.component.annotations.Component;

/** Writes a message to HAM's activity log, {@code org.ham.activity}. Never fails. Thread-safe. */
@Component(service = ActionType.class)
public final class Log implements Action<Log.Parameters> {
    /**
     * What {@code log} can be told.
     *
     * @param message what to write
     * @param verbosity written when HAM's verbosity is at least this; 0, which is always, when empty
     * @param attachPrefix whether to put {@code entity/condition/action} in front; no when empty
     */
    public record Parameters(String message, Optional<Integer> verbosity, Optional<Boolean> attachPrefix) {
        /** Refuses a verbosity below 0. */
        public Parameters {
            if (verbosity.orElse(0) < 0) {
                throw new IllegalArgumentException("verbosity: " + verbosity.get() + " is below 0");
            }
        }
    }

    private final System.Logger activity = System.getLogger("org.ham.activity");

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) {
        var asked = invocation.parameters();
        int verbosity = asked.verbosity().orElse(0);
        if (invocation.verbosity() < verbosity) {
            return Outcome.done("not written: HAM's verbosity is " + invocation.verbosity() + ", the message asks for "
                    + verbosity);
        }
        var message = asked.attachPrefix().orElse(false) ? prefix(invocation) + asked.message() : asked.message();
        activity.log(Level.INFO, message);
        return Outcome.done(message);
    }

    /** Names the entity it happened to, also when the condition is one of the global entity. */
    private static String prefix(Invocation<?> invocation) {
        var path = invocation.path();
        return invocation.entity() + "/" + path.condition().orElse("") + "/"
                + path.action().orElse("") + ": ";
    }
}
