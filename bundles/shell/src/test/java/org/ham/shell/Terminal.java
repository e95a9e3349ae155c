package org.ham.shell;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ham.api.Actor;
import org.ham.spi.Supervisor;

/** Types commands and shows what they print. */
final class Terminal {
    private final Supervisor ham;
    private final Path runDir;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    Terminal(Supervisor ham, Path runDir) {
        this.ham = ham;
        this.runDir = runDir;
    }

    int type(String... words) {
        out = new StringWriter();
        err = new StringWriter();
        var context = new Context(
                Optional.of(ham),
                runDir,
                Path.of("/srv"),
                new Actor("test", 7, 8),
                new PrintWriter(out),
                new PrintWriter(err));
        return Commands.served().execute(List.of(words), context);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    JsonObject json() {
        return JsonParser.parseString(out()).getAsJsonObject();
    }
}
