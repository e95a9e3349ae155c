package org.ham.shell;

import java.time.ZoneId;
import java.util.Optional;
import org.ham.api.Event;
import org.ham.journal.EventJson;
import org.ham.journal.EventText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code ham events}: the journal, as far back as it is kept. */
@CommandLine.Command(name = "events", description = "Prints the journal, one line an event, as far back as it is kept.")
public class EventsCommand extends Command {
    @Option(names = "--since", paramLabel = "SEQ", description = "only events after this number")
    long since;

    @Option(names = "--follow", description = "go on with what comes, until Ctrl-C; survives a takeover")
    boolean follow;

    @Option(names = "--entity", paramLabel = "NAME", description = "only events of this entity")
    @Nullable
    String entity;

    @Option(names = "--limit", paramLabel = "N", description = "only the last N of those that are there")
    @Nullable
    Integer limit;

    @Override
    public boolean readsOnly() {
        return true;
    }

    @Override
    protected void check() {
        if (limit != null && limit < 0) {
            throw usage("--limit " + limit + ": give a number from 0 upwards");
        }
        if (since < 0) {
            throw usage("--since " + since + ": give a number from 0 upwards");
        }
    }

    @Override
    protected int run(Context context) {
        if (follow) {
            throw usage("--follow works in the ham program only, which reads the journal itself");
        }
        return print(context);
    }

    /** Whether it goes on with what comes. */
    protected final boolean follows() {
        return follow;
    }

    /** Prints what the journal holds, and with {@code --follow} what comes, until interrupted. */
    protected final int print(Context context) {
        try (var timeline = new Timeline(context.runDir(), since)) {
            var shown = new Tail(Optional.ofNullable(limit), event -> show(context, event));
            timeline.readAll(event -> wanted(event, shown));
            shown.flush();
            report(timeline, context);
            context.out().flush();
            while (follow && !context.out().checkError()) {
                timeline.await();
                timeline.readAll(event -> {
                    if (matches(event)) {
                        show(context, event);
                    }
                });
                report(timeline, context);
                context.out().flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void wanted(Event event, Tail shown) {
        if (matches(event)) {
            shown.accept(event);
        }
    }

    private boolean matches(Event event) {
        return entity == null || event.entity().filter(entity::equals).isPresent();
    }

    private void show(Context context, Event event) {
        context.out().println(json ? EventJson.write(event) : EventText.line(event, ZoneId.systemDefault()));
    }

    private static void report(Timeline timeline, Context context) {
        timeline.findings().forEach(finding -> context.err().println("ham: " + finding));
        context.err().flush();
    }
}
