package org.ham.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.ham.api.HamException;

/** What {@code ham run} says once it supervises. */
final class Banner {
    private static final int MOST = 20;

    private final Instance instance;
    private final Optional<Path> configuration;
    private final PrintWriter out;
    private final String ham;

    /** The commands are suggested under the name that {@code ham} was called by. */
    Banner(Instance instance, Optional<Path> configuration, PrintWriter out, String ham) {
        this.ham = ham;
        this.instance = instance;
        this.configuration = configuration;
        this.out = out;
    }

    /** The processes in one line. */
    static String line(JsonObject status, Path runDir) {
        var guardian = status.get("guardian");
        return "HAM is supervising: HAM pid " + status.getAsJsonObject("ham").get("pid")
                + (guardian.isJsonObject()
                        ? ", Guardian pid " + guardian.getAsJsonObject().get("pid")
                        : ", NO GUARDIAN (" + status.get("alarm").getAsString() + ")")
                + ", run-dir " + runDir;
    }

    void print(JsonObject status) {
        out.println();
        out.println(line(status, instance.runDir()));
        var entities = entities();
        if (entities.isEmpty()) {
            out.println("Nothing is watched yet; attach something: " + ham + " attach NAME -- COMMAND ARG…");
        }
        entities.stream().limit(MOST).forEach(entity -> out.println("  " + text(entity)));
        if (entities.size() > MOST) {
            out.println("  … and " + (entities.size() - MOST) + " more");
        }
        suggest(entities);
        configuration
                .map(folder -> folder.resolve("README.md"))
                .filter(Files::exists)
                .ifPresent(readme -> out.println("What this example shows: " + readme));
        out.println("Stop with Ctrl-C; what is watched goes on living and is adopted at the next start.");
        out.println();
        out.flush();
    }

    private void suggest(List<JsonObject> entities) {
        var first = entities.stream()
                .filter(entity -> entity.get("pid").isJsonPrimitive())
                .findFirst();
        var name = first.map(entity -> entity.get("name").getAsString()).orElse("NAME");
        out.println("From another terminal:");
        out.println("  export HAM_RUN_DIR=" + instance.runDir());
        first.ifPresent(entity -> out.println("  kill -9 " + entity.get("pid") + "      # and it comes back"));
        out.println("  " + ham + " why " + name + "        # what led to its last recovery");
        out.println("  " + ham + " tree        # what is watched, and how it is");
    }

    private List<JsonObject> entities() {
        try {
            var answer = new Link(instance).ask(List.of("tree", "--json"), Path.of("/"), true);
            JsonArray array =
                    JsonParser.parseString(answer.out()).getAsJsonObject().getAsJsonArray("entities");
            return StreamSupport.stream(array.spliterator(), false)
                    .map(element -> element.getAsJsonObject())
                    .toList();
        } catch (HamException | IllegalStateException _) {
            return List.of();
        }
    }

    private static String text(JsonObject entity) {
        var command = StreamSupport.stream(entity.getAsJsonArray("command").spliterator(), false)
                .map(word -> word.getAsString())
                .collect(Collectors.joining(" "));
        return entity.get("name").getAsString()
                + (entity.get("pid").isJsonPrimitive()
                        ? "  pid " + entity.get("pid")
                        : "  " + entity.get("status").getAsString())
                + (command.isEmpty() ? "" : "  " + command);
    }
}
