package org.ham.shell;

import com.google.gson.JsonObject;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham heartbeats}: whether missed beats count, in the whole HAM. */
@CommandLine.Command(
        name = "heartbeats",
        description = {
            "Prints whether missed beats count, or changes it for all entities.",
            "On resuming, all entities count as having just beaten."
        })
final class HeartbeatsCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "suspend|resume|show", description = "what to do (default: show)")
    String change = "show";

    @Override
    protected void check() {
        if (!List.of("suspend", "resume", "show").contains(change)) {
            throw usage("'" + change + "' is none of suspend, resume, show");
        }
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        if (!change.equals("show")) {
            ham.heartbeats(change.equals("resume"), context.actor());
        }
        var active = change.equals("show") ? ham.status().heartbeats() : change.equals("resume");
        if (json) {
            var document = new JsonObject();
            document.addProperty("heartbeats", active);
            Documents.print(context.out(), document);
        } else {
            context.out().println("heartbeats " + (active ? "count" : "are suspended"));
        }
        return 0;
    }
}
