package org.ham.shell;

import picocli.CommandLine;

/** {@code ham stop}: stops HAM and Guardian. */
@CommandLine.Command(
        name = "stop",
        description =
                "Stops HAM and Guardian, in order. What they watch goes on living and is adopted at the next start.")
public class StopCommand extends Command {
    @Override
    protected int run(Context context) {
        context.requireHam().stop(context.actor());
        return done(context, "", "stopping; the watched processes go on living");
    }
}
