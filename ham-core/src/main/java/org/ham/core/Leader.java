package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.Actor;
import org.ham.api.Event;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.core.engine.Decision;
import org.ham.core.engine.Effect;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Entity;
import org.ham.core.engine.Input;
import org.ham.core.engine.Stamp;
import org.ham.core.engine.State;
import org.ham.journal.Batch;
import org.ham.journal.JournalWriter;
import org.ham.journal.StaleEpochException;
import org.ham.spi.Host;
import org.jspecify.annotations.Nullable;

/**
 * The HAM at work: takes inputs one by one, folds them, writes the journal, and only then carries out the effects. A
 * start is carried out right here, on the loop's thread, because every hand-over to another thread costs what a recovery
 * is measured by; all other actions run elsewhere. Confined to the loop's thread.
 */
final class Leader implements Role {
    private static final Logger LOG = System.getLogger(Leader.class.getName());
    private static final Actor HAM = Actor.part("ham");
    private static final Actor DETECTOR = Actor.part("detector-process");

    /** How many requests one turn takes, so that the loop's own proof of life is never held up for long. */
    private static final int REQUESTS = 1_000;

    private static final long FLUSH_EVERY_NANOS = 200_000_000;
    private static final long RESERVE_EVERY_NANOS = 10_000_000_000L;

    /** After the start there are more urgent things to do than what only keeps the journal in order. */
    private static final long SETTLED_AFTER_NANOS = 2_000_000_000;

    /** For how long after a takeover from a HAM whose lines may be lost each start is looked for first. */
    private static final long DOUBT_NANOS = 10_000_000_000L;

    private final Host host;
    private final Engine engine;
    private final ActionRunner actions;
    private final JournalWriter writer;
    private final Snapshots snapshots;
    private final Monitors monitors;
    private final Environs environs;
    private final Members members;
    private final Mailbox mailbox;
    private final Consumer<State> publish;
    private final String runDir;
    private final long epoch;
    private final Deque<Request> own = new ArrayDeque<>();
    private final Map<ProcessId, Follower.Seen> seen;
    private final Map<String, String> failedStarts = new HashMap<>();
    private final Watching watching;

    /**
     * Living processes that are not watched yet, with their entities. Ten thousand of them would hold up the recovery of those that
     * are known to be dead.
     */
    private final Map<ProcessId, String> toWatch = new LinkedHashMap<>();

    private State state;
    private long flushAt;
    private String trouble;
    private String unwatched;
    private boolean more;
    private final long settledAt;
    private long reserveAt;
    private long doubtUntil;
    private boolean handedOver;

    Leader(
            Host host,
            Engine engine,
            ActionRunner actions,
            Monitors monitors,
            Environs environs,
            Members members,
            JournalWriter writer,
            Snapshots snapshots,
            Follower follower,
            Mailbox mailbox,
            Consumer<State> publish,
            String runDir) {
        this.host = host;
        this.watching = new Watching(host, this::died);
        this.engine = engine;
        this.actions = actions;
        this.monitors = monitors;
        this.environs = environs;
        this.members = members;
        this.writer = writer;
        this.snapshots = snapshots;
        this.mailbox = mailbox;
        this.publish = publish;
        this.runDir = runDir;
        this.state = follower.state();
        this.epoch = state.epoch() + 1;
        this.settledAt = host.monotonic() + SETTLED_AFTER_NANOS;
        this.reserveAt = settledAt;
        // The HAM before this one may have left its alarm on, and this one has to end it.
        this.trouble = Objects.requireNonNullElse(state.alarms().get("journal"), "");
        this.unwatched = Objects.requireNonNullElse(state.alarms().get("processes"), "");
        this.doubtUntil = state.alarms().containsKey("journal") ? host.monotonic() + DOUBT_NANOS : 0;
        this.seen = new HashMap<>(follower.takeSeen());
        follower.takeFindings().forEach(found -> own.add(new Request(found, HAM, null)));
    }

    /** Takes up the lead; everything unfinished is resumed when this returns. */
    void begin(Input.Led led) {
        own.addFirst(new Request(led, HAM, null));
        drainOwn();
        publish.accept(state);
    }

    @Override
    public void turn() {
        takeInSeen();
        more = work(REQUESTS);
        watching.tryAgain();
        tellUnwatched();
        try {
            tendJournal();
        } catch (StaleEpochException e) {
            throw new FencedError(e);
        }
        publish.accept(state);
    }

    private void tellUnwatched() {
        var now = watching.trouble();
        if (!now.equals(unwatched)) {
            unwatched = now;
            own.add(new Request(new Input.Alarm("processes", now), HAM, null));
            drainOwn();
        }
    }

    /**
     * The deaths that wait, and before them what processes said: who says that it ends, why it fails or which process is the main
     * one from now on is often gone a moment later, and both are noticed at once.
     */
    private void takeInSeen() {
        for (var taken = 0; taken < REQUESTS; taken++) {
            var saying = mailbox.pollSaying();
            if (saying == null) {
                break;
            }
            handle(saying);
        }
        drainOwn();
    }

    /** Handles what was handed in, but not more than so many; whether it were that many. */
    private boolean work(int most) {
        for (var done = 0; done < most; done++) {
            var request = mailbox.poll();
            if (request == null) {
                return false;
            }
            handle(request);
            drainOwn();
        }
        return true;
    }

    private void drainOwn() {
        do {
            for (var request = own.poll(); request != null; request = own.poll()) {
                handle(request);
            }
            watchLiving();
        } while (!own.isEmpty());
    }

    private void watchLiving() {
        toWatch.forEach((process, entity) -> watching.watch(entity, process));
        toWatch.clear();
    }

    private void handle(Request request) {
        if (handedOver) {
            // The other one may have written already. Whoever asks is cut off with this process, and asks again there.
            return;
        }
        var reply = request.reply();
        try {
            var decision = apply(request);
            if (reply == null) {
                return;
            }
            var refusal = decision.refusal();
            if (refusal != null) {
                reply.completeExceptionally(refusal);
                return;
            }
            var failed = startFailure(decision);
            publish.accept(state);
            if (failed != null) {
                reply.completeExceptionally(failed);
            } else {
                reply.complete(null);
            }
        } catch (RuntimeException e) {
            // A bug in the fold or in an effect: this one input is given up, supervision goes on.
            LOG.log(Level.ERROR, "Could not handle " + request.input(), e);
            if (reply != null) {
                reply.completeExceptionally(new HamException(
                        HamException.Code.FAILED, "HAM failed to handle " + request.input() + ": " + e, e));
            }
        }
    }

    private Decision apply(Request request) {
        var last = writer.position();
        var stamp = new Stamp(last.seq() + 1, epoch, host.now(), host.monotonic(), request.actor());
        var decision = engine.step(state, request.input(), stamp);
        if (decision.refusal() != null || decision.lines().isEmpty()) {
            return decision;
        }
        var lines = new ArrayList<Event>(decision.lines());
        lines.set(0, InputCodec.encode(lines.getFirst(), request.input()));
        append(new Batch(lines));
        state = decision.state();
        for (var effect : decision.effects()) {
            carryOutGuarded(effect);
        }
        if (request.reply() != null) {
            drainOwn();
        }
        return decision;
    }

    /** Another process leads with a higher epoch: this one has no say any more and must not touch the world again. */
    private void append(Batch batch) {
        try {
            writer.append(batch);
        } catch (StaleEpochException e) {
            throw new FencedError(e);
        }
    }

    /** Ends the process through the loop. */
    private static final class FencedError extends Error {
        private static final long serialVersionUID = 1L;

        FencedError(StaleEpochException cause) {
            super("another HAM has taken over: " + cause.getMessage(), cause);
        }
    }

    /** The start an attach asked for has been tried by now; what it came to, when it failed. */
    private @Nullable HamException startFailure(Decision decision) {
        for (var effect : decision.effects()) {
            if (effect instanceof Effect.Start start) {
                var why = failedStarts.remove(start.invocation());
                if (why != null) {
                    return new HamException(
                            HamException.Code.FAILED, "entity '" + start.entity() + "' could not be started: " + why);
                }
            }
        }
        return null;
    }

    /** What one effect fails at does not keep the others from being carried out. */
    private void carryOutGuarded(Effect effect) {
        try {
            carryOut(effect);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Could not carry out " + effect, e);
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Watch watch -> watch(watch.entity(), watch.process());
            case Effect.Unwatch unwatch -> {
                members.remove(unwatch.process());
                toWatch.remove(unwatch.process());
                watching.unwatch(unwatch.process());
            }
            case Effect.Start start -> start(start);
            case Effect.Invoke invoke -> actions.invoke(invoke);
            case Effect.Monitor monitor -> monitors.monitor(monitor);
            case Effect.Forget forget -> monitors.forget(forget.entity());
        }
    }

    private void watch(String entity, ProcessId process) {
        var already = seen.remove(process);
        if (already != null) {
            died(entity, process, already.reason());
        } else {
            members.put(entity, process, state.entity(entity).map(Entity::start).isPresent());
            toWatch.put(process, entity);
        }
    }

    private void died(String entity, ProcessId process, org.ham.api.ExitReason reason) {
        own.add(new Request(new Input.Died(entity, process, reason), DETECTOR, null));
    }

    private void start(Effect.Start start) {
        Input outcome;
        try {
            var process = started(start).orElseGet(() -> spawn(start));
            outcome = new Input.Started(start.entity(), start.invocation(), process);
        } catch (HamException e) {
            var why = String.valueOf(e.getMessage());
            failedStarts.put(start.invocation(), why);
            outcome = new Input.StartFailed(start.entity(), start.invocation(), why);
        }
        own.add(new Request(outcome, HAM, null));
    }

    /**
     * What an earlier HAM may have started: for a start it had decided by its id, and where its lines may be lost because the
     * disk was full, for any start by the entity.
     */
    private Optional<ProcessId> started(Effect.Start start) {
        if (start.resumed()) {
            var found = host.findStart(start.entity(), start.invocation());
            if (found.isPresent()) {
                return found;
            }
        }
        return doubts() ? host.find(start.entity(), runDir) : Optional.empty();
    }

    /** Until then the alarm it follows from stays on, so that who leads next doubts as well. */
    private boolean doubts() {
        return doubtUntil > 0 && host.monotonic() < doubtUntil;
    }

    private ProcessId spawn(Effect.Start start) {
        return host.start(start.entity(), start.start(), environment(start));
    }

    private Map<String, String> environment(Effect.Start start) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("HAM_RUN_DIR", runDir);
        environment.put("HAM_ENTITY", start.entity());
        environment.put("HAM_INVOCATION_ID", start.invocation());
        var heartbeat =
                state.entity(start.entity()).map(entity -> entity.health().heartbeat());
        environs.variables(start.entity(), heartbeat).forEach((name, value) -> {
            if (!start.start().environment().containsKey(name)) {
                environment.putIfAbsent(name, value);
            }
        });
        return environment;
    }

    /** Keeps the journal bounded, and catches up when it could not be written. */
    private void tendJournal() {
        if (!own.isEmpty()) {
            return;
        }
        failedStarts.clear();
        if (host.monotonic() >= reserveAt) {
            var settled = writer.reserve() && writer.trouble().isEmpty();
            reserveAt = settled ? Long.MAX_VALUE : host.monotonic() + RESERVE_EVERY_NANOS;
        }
        if (writer.degraded() && host.monotonic() >= flushAt) {
            writer.flush();
            flushAt = host.monotonic() + FLUSH_EVERY_NANOS;
        }
        // A snapshot that cannot be kept is trouble too, though every line is written.
        var now = writer.trouble()
                .or(snapshots::trouble)
                .orElse(writer.degraded() ? "the journal cannot be written" : "");
        // Under one alarm there may be trouble of several kinds, one after the other.
        if (!now.isEmpty() && reserveAt == Long.MAX_VALUE) {
            reserveAt = host.monotonic() + RESERVE_EVERY_NANOS;
        }
        if (now.isEmpty() != trouble.isEmpty() && !(now.isEmpty() && doubts())) {
            trouble = now;
            LOG.log(
                    now.isEmpty() ? Level.INFO : Level.ERROR,
                    now.isEmpty() ? "The journal is in order again" : "The journal is in trouble: " + now);
            own.add(new Request(new Input.Alarm("journal", now), HAM, null));
            drainOwn();
        }
        writer.findings().forEach(found -> own.add(new Request(new Input.Found("journal", found), HAM, null)));
        drainOwn();
        if (!writer.degraded() && writer.snapshotNeeded()) {
            // Before anything else happens, such as a hand-over to one of those who miss lines.
            snapshots.drop();
            writer.snapshot(StateCodec.write(state));
        } else if (!writer.degraded() && snapshots.isFree(host.monotonic()) && isTimeForSnapshot()) {
            snapshots.begin(state);
        }
        snapshots.take(host.monotonic()).ifPresent(words -> writer.snapshot(words.seq(), words.text()));
    }

    /** A takeover has need of all processors. */
    private boolean isTimeForSnapshot() {
        return host.monotonic() >= settledAt ? writer.snapshotDue() : writer.snapshotOverdue();
    }

    @Override
    public long nextTurn() {
        if (more || !own.isEmpty()) {
            return 0;
        }
        var tended = Math.min(Math.min(writer.degraded() ? flushAt : Long.MAX_VALUE, reserveAt), watching.nextTry());
        return doubts() ? Math.min(tended, doubtUntil) : tended;
    }

    /**
     * Ends the lead as the last thing this one writes; false when it cannot be written, or has been before. What runs is
     * left to run, or to be resumed by the one that leads next.
     */
    boolean handOver(long successor) {
        takeInSeen();
        // Such as why it hands over.
        work(mailbox.size());
        if (writer.degraded() || handedOver) {
            return false;
        }
        own.add(new Request(new Input.HandedOver(successor), Actor.part("guardian"), null));
        drainOwn();
        publish.accept(state);
        handedOver = state.successor() == successor;
        return handedOver;
    }

    /** Gives an input to this leader from outside the mailbox; the loop's thread only. */
    void offer(Input input) {
        own.add(new Request(input, HAM, null));
    }

    State state() {
        return state;
    }

    @Override
    public void close() {
        actions.close();
        // Deaths that were told of are told once: the kernel has forgotten how those ended.
        takeInSeen();
        // Whoever asked is answered as long as there is somebody to do so; what comes later is for the next.
        work(mailbox.size());
        members.clear();
        state.entities().values().forEach(entity -> {
            if (entity.process() != null) {
                host.unwatch(entity.process());
            }
        });
        writer.close();
    }
}
