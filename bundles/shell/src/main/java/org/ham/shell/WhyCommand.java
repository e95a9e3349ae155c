package org.ham.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.journal.EventJson;
import org.ham.journal.EventText;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham why}: what led to an entity's last recovery. */
@CommandLine.Command(
        name = "why",
        description = "Prints the chain of causes behind an entity's last recovery, oldest first.")
final class WhyCommand extends Command {
    @Parameters(paramLabel = "ENTITY", description = "the entity")
    String entity = "";

    @Override
    public boolean readsOnly() {
        return true;
    }

    @Override
    protected int run(Context context) {
        var causes = new Causes(entity);
        try (var timeline = new Timeline(context.runDir(), 0)) {
            timeline.readAll(causes::add);
        }
        var chain = causes.chain();
        if (chain.isEmpty() && context.ham().flatMap(ham -> ham.entity(entity)).isEmpty()) {
            throw new HamException(
                    Code.NOT_FOUND, "no entity '" + entity + "', and nothing of it in the journal; see: ham tree");
        }
        if (json) {
            Documents.print(context.out(), document(chain));
        } else {
            print(context, causes, chain);
        }
        return 0;
    }

    private JsonObject document(List<Event> chain) {
        var events = new JsonArray();
        chain.forEach(event -> events.add(JsonParser.parseString(EventJson.write(event))));
        var document = new JsonObject();
        document.addProperty("entity", entity);
        document.add("chain", events);
        return document;
    }

    private void print(Context context, Causes causes, List<Event> chain) {
        var out = context.out();
        if (chain.isEmpty()) {
            out.println(entity + " has not died or been recovered, as far back as the journal is kept");
            return;
        }
        if (Causes.cutOff(chain)) {
            out.println("(what came before is no longer in the journal)");
        }
        var before = chain.getFirst();
        for (var event : chain) {
            out.println("%14s  %s".formatted(elapsed(before, event), text(event)));
            before = event;
        }
        out.println("took " + milliseconds(chain.getFirst(), chain.getLast()) + " ms in all");
        causes.newerDeath(chain)
                .ifPresent(death -> out.println("but it died again since, and is not back: " + text(death)));
    }

    private static String text(Event event) {
        return EventText.line(event, ZoneId.systemDefault()).strip();
    }

    private static String elapsed(Event before, Event event) {
        return before.seq() == event.seq() ? "" : "+" + milliseconds(before, event) + " ms";
    }

    private static String milliseconds(Event from, Event to) {
        return String.format(Locale.ROOT, "%.3f", (to.mono() - from.mono()) / 1e6);
    }
}
