package org.ham.command;

import org.ham.shell.Context;
import org.ham.shell.StopCommand;
import picocli.CommandLine.Command;

/** {@code ham stop}: asks for it and waits until both processes are gone. */
@Command(
        name = "stop",
        description =
                "Stops HAM and Guardian, in order. What they watch goes on living and is adopted at the next start.")
final class LocalStopCommand extends StopCommand implements LocalCommand {
    @Override
    protected int run(Context context) {
        new Stopper(Instance.at(context.runDir())).stop(context.directory());
        if (json()) {
            context.out().println("{\"done\":true,\"path\":\"\"}");
        } else {
            context.out().println("HAM and Guardian are stopped; what they watched goes on living");
        }
        return 0;
    }
}
