package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
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
        try (var line = new Link(Instance.at(context.runDir())).connect()) {
            return words.isEmpty() ? converse(line, context) : send(line, String.join(" ", words), context);
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "the HAM went away: " + e.getMessage(), e);
        }
    }

    private static int converse(Line line, Context context) throws IOException {
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
                exit = send(line, typed, context);
            }
        }
    }

    private static int send(Line line, String typed, Context context) throws IOException {
        var request = new JsonObject();
        request.addProperty("gogo", typed);
        try {
            return line.exchange(request.toString(), (kind, text) -> {
                var writer = kind.equals("out") ? context.out() : context.err();
                writer.print(text);
                writer.flush();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
