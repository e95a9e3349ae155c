package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.shell.Command;
import org.ham.shell.Context;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham shell}: Gogo on the running HAM. */
@CommandLine.Command(
        name = "shell",
        description = {
            "Gogo on the running HAM: reads lines and runs them, until the end of the input.",
            "With words after -- it runs these as one line: ham shell -- 'lb | grep ham'"
        })
final class ShellCommand extends Command implements LocalCommand {
    @Parameters(paramLabel = "LINE", description = "one line for Gogo, after --")
    List<String> words = List.of();

    @Override
    protected int run(Context context) {
        try (var gogo = new GogoLines(context)) {
            return words.isEmpty() ? converse(gogo, context) : gogo.run(String.join(" ", words));
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "the input ended: " + e.getMessage(), e);
        }
    }

    private static int converse(GogoLines gogo, Context context) throws IOException {
        var prompts = System.console() != null && System.console().isTerminal();
        var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        var exit = 0;
        while (true) {
            if (prompts) {
                context.out().print("ham> ");
                context.out().flush();
            }
            var typed = input.readLine();
            if (typed == null || typed.strip().equals("exit")) {
                return exit;
            }
            if (!typed.isBlank()) {
                exit = gogo.run(typed);
            }
        }
    }
}
