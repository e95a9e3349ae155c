package org.ham.shell;

import org.ham.api.EntityHandle;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham detach}: forgets an entity. */
@CommandLine.Command(name = "detach", description = "Stops watching an entity and forgets it; its process goes on.")
final class DetachCommand extends Command {
    @Parameters(paramLabel = "NAME", description = "the entity")
    String name = "";

    @Override
    protected int run(Context context) {
        context.requireHam().detach(EntityHandle.of(name), context.actor());
        return done(context, name, "detached " + name + "; its process goes on");
    }
}
