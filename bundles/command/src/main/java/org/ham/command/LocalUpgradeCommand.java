package org.ham.command;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.shell.Commands;
import org.ham.shell.Context;
import org.ham.shell.Timeline;
import org.ham.shell.UpgradeCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ham upgrade}: asks for it, says how it goes on and waits for its end, through the change of the HAM. */
@Command(
        name = "upgrade",
        description =
                "Replaces HAM and Guardian by those of another distribution, while they supervise. What they watch is not"
                        + " touched. If the new one does not come up or fails soon, the old one goes on.")
final class LocalUpgradeCommand extends UpgradeCommand implements LocalCommand {
    /** Longer than all the limits of an upgrade together. */
    private static final Duration WAIT = Duration.ofMinutes(5);

    @Option(names = "--no-wait", description = "end when it has begun")
    boolean noWait;

    @Override
    protected int run(Context context) {
        var instance = Instance.at(context.runDir());
        try (var timeline = new Timeline(context.runDir(), 0)) {
            // What was before is not of this upgrade.
            timeline.readAll(_ -> {});
            var answer = new Link(instance).ask(words(context), context.directory(), false);
            context.err().print(answer.err());
            if (answer.exit() != Commands.DONE || noWait) {
                context.out().print(answer.out());
                return answer.exit();
            }
            return follow(context, instance, timeline);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new HamException(Code.FAILED, "interrupted; the upgrade goes on, see: ham events --follow");
        }
    }

    private List<String> words(Context context) {
        var words = new ArrayList<>(List.of(
                "upgrade",
                context.directory().resolve(distribution()).normalize().toString()));
        javaHome().ifPresent(home -> {
            words.add("--java-home");
            words.add(context.directory().resolve(home).normalize().toString());
        });
        if (json()) {
            words.add("--json");
        }
        return words;
    }

    private int follow(Context context, Instance instance, Timeline timeline) throws InterruptedException {
        var giveUp = System.nanoTime() + WAIT.toNanos();
        var news = new ArrayList<Event>();
        while (System.nanoTime() - giveUp < 0) {
            timeline.readAll(news::add);
            for (var event : news) {
                var end = say(context, event);
                if (end.isPresent()) {
                    return end.get();
                }
            }
            news.clear();
            if (!instance.alive()) {
                throw new HamException(
                        Code.FAILED,
                        "HAM and Guardian are both gone; see " + instance.log().getParent()
                                + ", and start one with: ham start");
            }
            timeline.await();
        }
        throw new HamException(
                Code.TIMED_OUT, "no end of the upgrade after " + WAIT.toMinutes() + " minutes; see: ham events");
    }

    /** Tells of a line; the exit code when it is the last one. */
    private Optional<Integer> say(Context context, Event event) {
        switch (event.type()) {
            case "upgrade-started" -> progress(context, "process " + event.pid().orElse(0) + " gets ready…");
            case "handed-over" ->
                progress(context, "handed over to process " + event.pid().orElse(0));
            case "took-over" -> progress(context, "process " + event.pid().orElse(0) + " is the HAM, on probation…");
            case "upgraded" -> {
                return Optional.of(end(context, "HAM and Guardian are of " + distribution() + " now", true));
            }
            case "upgrade-failed" -> {
                var why = event.outcome().orElse("").replaceFirst("^failed: ", "");
                return Optional.of(end(context, "not upgraded: " + why, false));
            }
            default -> {
                // Not of the upgrade.
            }
        }
        return Optional.empty();
    }

    private void progress(Context context, String sentence) {
        if (!json()) {
            context.err().println("ham: " + sentence);
            context.err().flush();
        }
    }

    private int end(Context context, String sentence, boolean done) {
        if (json()) {
            var end = new JsonObject();
            end.addProperty("done", done);
            end.addProperty("path", "");
            end.addProperty("text", sentence);
            context.out().println(end);
        } else if (done) {
            context.out().println(sentence);
        } else {
            context.err().println("ham: " + sentence);
        }
        return done ? Commands.DONE : Commands.FAILED;
    }
}
