package org.ham.shell;

import org.ham.api.HamPath;
import org.ham.api.Handle;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham condition remove}. */
@CommandLine.Command(name = "remove", description = "Removes a condition with its actions.")
final class ConditionRemoveCommand extends Command {
    @Parameters(paramLabel = "PATH", description = "ENTITY/CONDITION")
    String path = "";

    @Override
    protected void check() {
        if (path.chars().filter(letter -> letter == '/').count() != 1) {
            throw usage("'" + path + "' is not the path of a condition: ENTITY/CONDITION");
        }
    }

    @Override
    protected int run(Context context) {
        var parsed = HamPath.parse(path);
        context.requireHam().remove(Handle.of(parsed), context.actor());
        return done(context, path, "removed condition " + parsed);
    }
}
