package org.ham.shell;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham verbose}: the level up to which {@code log} actions are written. */
@CommandLine.Command(
        name = "verbose",
        description =
                "Prints or sets the level up to which log actions are written: + one more, - one less, N this one.")
final class VerboseCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "+|-|N", description = "the change; without it the level is printed")
    @Nullable
    String change;

    @Override
    protected void check() {
        if (change != null && !change.equals("+") && !change.equals("-")) {
            number(change);
        }
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        var level = ham.status().verbosity();
        if (change != null) {
            level = switch (change) {
                case "+" -> level + 1;
                case "-" -> Math.max(0, level - 1);
                default -> number(change);
            };
            ham.verbosity(level, context.actor());
        }
        if (json) {
            var document = new JsonObject();
            document.addProperty("verbosity", level);
            Documents.print(context.out(), document);
        } else {
            context.out().println("verbosity " + level);
        }
        return 0;
    }

    private int number(String text) {
        try {
            var number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw usage("'" + text + "' is neither +, - nor a number from 0 upwards");
    }
}
