package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.ham.api.Event;
import org.ham.api.HamPath;
import org.ham.core.engine.Effect;
import org.ham.core.engine.Input;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Runs actions through their plug-ins, each on a thread of its own with a deadline, and reports exactly one outcome for
 * each. A plug-in that throws, hangs or goes away is a failed action and nothing more; one that is being replaced is waited
 * for, and what ran in it is resumed. Thread-safe.
 */
final class ActionRunner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ActionRunner.class.getName());

    /** The longest any plug-in may ask for. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** How long a plug-in may take to name its own deadline. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private final Plugins plugins;
    private final int most;
    private final IntSupplier verbosity;
    private final Consumer<Input> report;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Workers workers;
    private final Plugins.Listener removals = new Plugins.Listener() {
        @Override
        public void gone(String type) {
            of(type).forEach(run -> abort(run, "the plug-in '" + type + "' was removed while the action ran"));
        }

        @Override
        public void replaced(String type) {
            of(type).forEach(ActionRunner.this::again);
        }
    };
    private volatile boolean closed;

    ActionRunner(Plugins plugins, int most, IntSupplier verbosity, Consumer<Input> report) {
        this(plugins, new Threads(), most, verbosity, report);
    }

    ActionRunner(Plugins plugins, Workers workers, int most, IntSupplier verbosity, Consumer<Input> report) {
        this.plugins = plugins;
        this.workers = workers;
        this.most = most;
        this.verbosity = verbosity;
        this.report = report;
        plugins.onRemoval(removals);
    }

    /** One invocation that has no outcome yet. */
    private static final class Running {
        final Effect.Invoke effect;
        final AtomicReference<@Nullable Runnable> deadline = new AtomicReference<>();

        /** The attempt that counts; those before were in plug-ins that are gone. */
        final AtomicInteger attempt = new AtomicInteger();

        /** Of the last attempt; guarded by this, so that none is begun that cannot be interrupted yet. */
        @Nullable
        Runnable interrupt;

        /** Whether an attempt has reached a plug-in. */
        volatile boolean begun;

        /** Whether a plug-in was told to begin. */
        volatile boolean called;

        Running(Effect.Invoke effect) {
            this.effect = effect;
        }
    }

    /** Starts an action; returns at once. */
    void invoke(Effect.Invoke effect) {
        if (closed) {
            // Begun in the journal: whoever leads next resumes it.
            return;
        }
        if (running.size() >= most) {
            report.accept(new Input.Finished(
                    effect.entity(), effect.invocation(), false, most + " actions run already, the most there may be"));
            return;
        }
        var run = new Running(effect);
        running.put(effect.invocation(), run);
        limit(run, FIRST);
        attempt(run);
    }

    private void attempt(Running run) {
        var effect = run.effect;
        synchronized (run) {
            var number = run.attempt.incrementAndGet();
            run.interrupt = workers.start(
                    "ham-action-" + effect.entity() + "/" + effect.condition() + "/" + effect.path(), () -> {
                        var outcome = outcome(run, number);
                        if (run.attempt.get() == number) {
                            finish(run, outcome);
                        }
                    });
        }
    }

    /** The plug-in it runs in is being replaced: the next one goes on with it. One that has not reached it is waiting anyway. */
    private void again(Running run) {
        if (!run.begun || !running.containsKey(run.effect.invocation())) {
            return;
        }
        limit(run, FIRST);
        @Nullable Runnable old;
        synchronized (run) {
            old = run.interrupt;
            attempt(run);
        }
        if (old != null) {
            old.run();
        }
    }

    private List<Running> of(String type) {
        return running.values().stream()
                .filter(run -> run.effect.action().type().equals(type))
                .toList();
    }

    private void limit(Running run, Duration within) {
        var fresh = workers.after(within, () -> abort(run, "it did not finish within " + seconds(within)));
        var old = run.deadline.getAndSet(fresh);
        if (old != null) {
            old.run();
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private Outcome outcome(Running run, int attempt) {
        try {
            var type = begin(run, attempt);
            if (type == null) {
                return Outcome.failed(
                        "no plug-in for action type '" + run.effect.action().type() + "' is installed");
            }
            return type instanceof Action<?> action
                    ? call(run, action)
                    : Outcome.failed("a " + run.effect.action().type() + " action cannot run here");
        } catch (InterruptedException _) {
            return Outcome.failed("it was interrupted");
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            LOG.log(
                    Level.WARNING,
                    "Action " + run.effect.owner() + "/" + run.effect.condition() + "/" + run.effect.path() + " failed",
                    e);
            return Outcome.failed(e.getMessage() == null || e.getMessage().isBlank() ? e.toString() : e.getMessage());
        }
    }

    /** The plug-in to run in: one that is there after the run is known to be in it, so that its going is noticed. */
    private @Nullable ActionType<?> begin(Running run, int attempt) throws InterruptedException {
        while (true) {
            var type = plugins.await(run.effect.action().type()).orElse(null);
            run.begun = true;
            if (run.attempt.get() != attempt) {
                throw new InterruptedException("another attempt goes on");
            }
            if (plugins.find(run.effect.action().type()).orElse(null) == type) {
                return type;
            }
        }
    }

    private <P extends Record> Outcome call(Running run, Action<P> action) throws Exception {
        var effect = run.effect;
        var parameters = Parameters.bind(
                effect.path() + " (" + effect.action().type() + ")",
                action.parameters(),
                effect.action().parameters());
        var wanted = action.deadline(parameters);
        limit(run, wanted.compareTo(LONGEST) > 0 || wanted.isNegative() ? LONGEST : wanted);
        var invocation = new Invocation<P>(
                effect.invocation(),
                HamPath.action(effect.owner(), effect.condition(), effect.path()),
                effect.entity(),
                Optional.ofNullable(effect.process()),
                event(effect),
                verbosity.getAsInt(),
                parameters);
        var resumed = effect.resumed() || run.called;
        run.called = true;
        var outcome = resumed ? action.resume(invocation) : action.run(invocation);
        return outcome == null ? Outcome.failed("the plug-in gave no outcome") : outcome;
    }

    private static Event event(Effect.Invoke effect) {
        var trigger = effect.trigger();
        return new Event(
                trigger.seq(),
                0,
                Instant.parse(trigger.time()),
                0,
                trigger.type().word(),
                Optional.of(effect.entity()),
                Optional.of(effect.condition()),
                Optional.of(effect.path()),
                trigger.pid() > 0 ? OptionalLong.of(trigger.pid()) : OptionalLong.empty(),
                Optional.ofNullable(trigger.reason()),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Map.copyOf(trigger.data()));
    }

    /** Reports an outcome, unless there was one already. */
    private void finish(Running run, Outcome outcome) {
        if (!running.remove(run.effect.invocation(), run)) {
            return;
        }
        var deadline = run.deadline.getAndSet(null);
        if (deadline != null) {
            deadline.run();
        }
        report.accept(new Input.Finished(run.effect.entity(), run.effect.invocation(), outcome.ok(), outcome.detail()));
    }

    private void abort(Running run, String why) {
        finish(run, Outcome.failed(why));
        interrupt(run);
    }

    private static void interrupt(Running run) {
        synchronized (run) {
            if (run.interrupt != null) {
                run.interrupt.run();
            }
        }
    }

    int inFlight() {
        return running.size();
    }

    /** Ends what runs without an outcome: whoever leads next resumes it. */
    @Override
    public void close() {
        closed = true;
        plugins.offRemoval(removals);
        workers.close();
        var left = List.copyOf(running.values());
        running.clear();
        left.forEach(ActionRunner::interrupt);
    }
}
