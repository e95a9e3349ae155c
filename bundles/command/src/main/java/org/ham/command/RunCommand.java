package org.ham.command;

import java.util.Optional;
import org.ham.linux.Linux;
import org.ham.shell.Command;
import org.ham.shell.Context;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham run}: HAM and Guardian, with the terminal as their window. */
@CommandLine.Command(
        name = "run",
        description = "Runs HAM and Guardian, prints one line an event, and stops them in order at Ctrl-C or SIGTERM.")
final class RunCommand extends Command implements LocalCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "CONF",
            description = "the configuration folder (default: conf here, else the one of the distribution)")
    @Nullable
    String conf;

    @Override
    protected int run(Context context) {
        var instance = Instance.at(context.runDir());
        var configuration = Starter.configuration(Optional.ofNullable(conf), context.directory(), System.getenv());
        try (var linux = Linux.open()) {
            var starter = new Starter(instance, new ScriptNodeLauncher(linux.processes(), System.getenv()), line -> {
                context.err().println("ham: " + line);
                context.err().flush();
            });
            starter.check();
            var foreground = new Foreground(starter, configuration, linux.clocks(), context, json());
            Interrupts.handle(foreground::interrupt);
            return foreground.run();
        }
    }
}
