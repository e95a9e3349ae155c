package org.ham.command;

import com.google.gson.JsonObject;
import java.util.Optional;
import org.ham.linux.Linux;
import org.ham.shell.Command;
import org.ham.shell.Context;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham start}: HAM and Guardian in the background. */
@CommandLine.Command(
        name = "start",
        description = "Starts HAM and Guardian in the background and waits until they are ready.")
final class StartCommand extends Command implements LocalCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "CONF",
            description = "the configuration folder (default: conf here, else the one of the distribution)")
    @Nullable
    String conf;

    @Override
    protected int run(Context context) {
        var configuration = Starter.configuration(Optional.ofNullable(conf), context.directory(), System.getenv());
        JsonObject status;
        try (var linux = Linux.open()) {
            var launcher = new ScriptNodeLauncher(linux.processes(), System.getenv());
            var starter = new Starter(Instance.at(context.runDir()), launcher, line -> {
                context.err().println("ham: " + line);
                context.err().flush();
            });
            starter.check();
            status = starter.start(configuration);
        }
        if (json()) {
            context.out().println(status);
        } else {
            context.out().println(Banner.line(status, context.runDir()));
        }
        return 0;
    }
}
