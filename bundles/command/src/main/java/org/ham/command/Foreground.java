package org.ham.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.journal.EventJson;
import org.ham.journal.EventText;
import org.ham.linux.Clocks;
import org.ham.shell.Commands;
import org.ham.shell.Context;
import org.ham.shell.Timeline;

/**
 * Shows what happens and stays until HAM and Guardian are stopped. They watch each other; should both be gone without a
 * stop, this starts them again. Runs on one thread; only {@link #interrupt} is called from another.
 */
final class Foreground {
    private static final int MOST_FAILURES = 5;
    private static final Duration FAST = Duration.ofMinutes(1);
    private static final int SECOND_INTERRUPT = 130;

    private final Instance instance;
    private final Optional<Path> configuration;
    private final Starter starter;
    private final Clocks clocks;
    private final Context context;
    private final boolean json;
    private final AtomicInteger interrupts = new AtomicInteger();
    private boolean stopRecorded;
    private long startedAt;
    private int failures;

    Foreground(Starter starter, Optional<Path> configuration, Clocks clocks, Context context, boolean json) {
        this.instance = Instance.at(context.runDir());
        this.configuration = configuration;
        this.starter = starter;
        this.clocks = clocks;
        this.context = context;
        this.json = json;
    }

    /** Ctrl-C: stops in order; the second time ends this process at once. */
    void interrupt() {
        if (interrupts.incrementAndGet() > 1) {
            say("leaving at once; HAM goes on if it has not stopped yet");
            Runtime.getRuntime().halt(SECOND_INTERRUPT);
        }
        say("stopping in order… (Ctrl-C again leaves at once)");
        try {
            new Stopper(instance).stop(context.directory());
        } catch (HamException e) {
            say(String.valueOf(e.getMessage()));
        }
    }

    int run() {
        try (var timeline = new Timeline(context.runDir(), 0)) {
            // What an earlier run wrote is not for this terminal.
            timeline.readAll(_ -> {});
            start();
            while (true) {
                var alive = instance.alive();
                timeline.readAll(this::show);
                timeline.findings().forEach(this::say);
                context.out().flush();
                if (!alive && ended()) {
                    say("stopped; what was watched goes on living");
                    return Commands.DONE;
                }
                if (!alive) {
                    say("HAM and Guardian are both gone without a stop; starting again");
                    failed();
                    start();
                }
                timeline.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Commands.FAILED;
        }
    }

    private boolean ended() {
        return stopRecorded || interrupts.get() > 0;
    }

    private void start() {
        while (!ended()) {
            startedAt = clocks.monotonic();
            try {
                var status = starter.start(configuration);
                if (!json) {
                    var name = System.getenv().getOrDefault(ScriptNodeLauncher.CALLED_BY, "ham");
                    new Banner(instance, configuration, context.out(), name).print(status);
                }
                return;
            } catch (HamException e) {
                if (ended()) {
                    return;
                }
                // The first start is the user's to mend; later ones are ours to try.
                if (failures == 0) {
                    throw e;
                }
                say(String.valueOf(e.getMessage()));
                failed();
            }
        }
    }

    private void failed() {
        var lived = Duration.ofNanos(clocks.monotonic() - startedAt);
        failures = lived.compareTo(FAST) > 0 ? 1 : failures + 1;
        if (failures > MOST_FAILURES) {
            throw new HamException(
                    HamException.Code.FAILED,
                    "HAM ended " + failures + " times in a row soon after its start; giving up. See "
                            + instance.log().getParent());
        }
        Pause.of(Duration.ofMillis(250L << failures));
    }

    private void show(Event event) {
        stopRecorded |= event.type().equals("stopping");
        context.out().println(json ? EventJson.write(event) : EventText.line(event, ZoneId.systemDefault()));
    }

    private void say(String sentence) {
        context.err().println("ham: " + sentence);
        context.err().flush();
    }
}
