package org.ham.shell;

import org.ham.api.EntityHandle;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham state}: reports the state of an entity. */
@CommandLine.Command(
        name = "state",
        description = {
            "Reports the state that an entity is in, a number whose meaning is yours; 0 is the first one.",
            "Conditions of type state become true by it; reporting the same state again is a change too."
        })
final class StateCommand extends Command {
    @Parameters(index = "0", paramLabel = "ENTITY", description = "the entity")
    String entity = "";

    @Parameters(index = "1", paramLabel = "N", description = "the state")
    String state = "";

    @Override
    protected void check() {
        number("N", state);
    }

    @Override
    protected int run(Context context) {
        var number = number("N", state);
        context.requireHam().reportState(EntityHandle.of(entity), number, context.actor());
        return done(context, entity, entity + " is in state " + number);
    }
}
