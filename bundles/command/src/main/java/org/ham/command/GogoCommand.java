package org.ham.command;

import java.util.List;
import org.ham.shell.Command;
import org.ham.shell.Context;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham gogo}: one line in the Gogo of the running HAM. */
@CommandLine.Command(
        name = "gogo",
        description = {
            "Runs one command in the Gogo of the running HAM, such as: ham gogo lb -s",
            "A pipe and options that ham knows itself go in quotes: ham gogo 'lb | grep HAM'",
            "Its exit code is 0, or 1 when it failed."
        })
final class GogoCommand extends Command implements LocalCommand {
    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "the words of the command")
    List<String> words = List.of();

    @Override
    protected int run(Context context) {
        try (var gogo = new GogoLines(context)) {
            return gogo.run(String.join(" ", words));
        }
    }
}
