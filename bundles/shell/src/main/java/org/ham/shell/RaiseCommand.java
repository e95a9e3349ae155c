package org.ham.shell;

import org.ham.api.EntityHandle;
import org.ham.api.Raise;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham raise}: raises something for an entity. */
@CommandLine.Command(
        name = "raise",
        description = {
            "Raises something for an entity; what the three numbers mean is between you and who listens.",
            "Conditions of type raise become true by it."
        })
final class RaiseCommand extends Command {
    @Parameters(index = "0", paramLabel = "ENTITY", description = "the entity")
    String entity = "";

    @Parameters(index = "1", paramLabel = "TYPE", description = "of what type")
    String type = "";

    @Parameters(index = "2", paramLabel = "CLASS", description = "of what class")
    String category = "";

    @Parameters(index = "3", paramLabel = "SEVERITY", description = "how severe")
    String severity = "";

    @Override
    protected void check() {
        raise();
    }

    private Raise raise() {
        return new Raise(number("TYPE", type), number("CLASS", category), number("SEVERITY", severity));
    }

    @Override
    protected int run(Context context) {
        var raise = raise();
        context.requireHam().raise(EntityHandle.of(entity), raise, context.actor());
        return done(
                context,
                entity,
                "raised type " + raise.type() + ", class " + raise.category() + ", severity " + raise.severity()
                        + " for " + entity);
    }
}
