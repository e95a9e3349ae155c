package org.ham.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.ham.api.Actor;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Limits;
import org.ham.core.engine.Requests;
import org.ham.core.engine.Stamp;
import org.ham.core.engine.State;
import org.ham.journal.Journal;
import org.ham.spi.ActionType;
import org.ham.spi.HeartbeatMonitor;
import org.ham.spi.Host;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;

/** The real core of one simulated process, turned by hand. Confined to one thread. */
public final class SimulatedCore {
    private static final int MAILBOX = 100_000;

    private final Plugins plugins;
    private final Core core;

    /** What runs the actions of this process, and its deadlines. */
    public interface Hands {
        /** Runs something beside everything else; what is returned takes it back or interrupts it. */
        Runnable start(String name, Runnable what);

        /** Runs something after so many nanoseconds; what is returned takes it back. */
        Runnable after(long nanos, Runnable what);

        /** Has what runs wait so long. */
        void pause(long nanos) throws InterruptedException;

        /** Whether the bundle of a plug-in that goes is coming back. */
        boolean comesBack();
    }

    /** A core that follows from its first turn on. */
    public SimulatedCore(Host host, Journal journal, Path runDir, int invocations, Hands hands) {
        var settings =
                new Settings(runDir, 1, 1, 1, MAILBOX, invocations, Duration.ofSeconds(30), Duration.ofSeconds(5));
        plugins = new Plugins(new HandedReturning(hands), 0, hands::pause);
        core = new Core(host, plugins, settings, journal, () -> new HandedWorkers(hands));
    }

    /** There is one bundle with plug-ins. */
    private record HandedReturning(Hands hands) implements Returning {
        @Override
        public boolean is(Object service) {
            return hands.comesBack();
        }

        @Override
        public boolean any() {
            return hands.comesBack();
        }
    }

    private record HandedWorkers(Hands hands) implements Workers {
        @Override
        public Runnable start(String name, Runnable what) {
            return hands.start(name, what);
        }

        @Override
        public Runnable after(Duration time, Runnable what) {
            return hands.after(time.toNanos(), what);
        }

        @Override
        public void close() {
            // The runner takes back what it started, each by itself; a snapshot comes to its end.
        }
    }

    /** One turn of the loop. */
    public void turn() {
        core.loop().turn();
    }

    /** Takes up the lead in the next turn. */
    public CompletableFuture<Void> lead(Primary primary, long pid, String word) {
        return core.lead(primary, pid, word);
    }

    /** Follows again from the next turn on. */
    public CompletableFuture<Void> follow() {
        return core.follow();
    }

    /** Hands in a request. */
    public CompletableFuture<Void> ask(Input input, Actor actor) {
        return core.ask(input, actor);
    }

    /** Hands in what was seen. */
    public void report(Input.Sign sign) {
        core.report(sign, Actor.part("simulation"));
    }

    /** What the guardian bundle's parts see. */
    public Mirror mirror() {
        return core;
    }

    /** The state as it was published last. */
    public State state() {
        return core.state();
    }

    /** The last line that was decided here, whether anybody was told and the disk has it or not; 0 when it does not lead. */
    public long decided() {
        return core.loop().role() instanceof Leader leader ? leader.state().seq() : 0;
    }

    /** The same of who leads now, also when he does not any more: he decides on until he is gone. */
    public LongSupplier decides() {
        return core.loop().role() instanceof Leader leader
                ? () -> leader.state().seq()
                : () -> 0;
    }

    /** Whether it leads. */
    public boolean leads() {
        return core.loop().role() instanceof Leader;
    }

    /** A task of the loop comes. */
    public void add(LoopTask task) {
        core.bindTask(task);
    }

    /** A task of the loop goes. */
    public void remove(LoopTask task) {
        core.unbindTask(task);
        task.ended();
    }

    /** A plug-in comes. */
    public void plug(ActionType<?> type) {
        plugins.bindType(type);
    }

    /** A plug-in goes. */
    public void unplug(ActionType<?> type) {
        plugins.unbindType(type);
    }

    /** A detector comes. */
    public void add(HeartbeatMonitor monitor) {
        core.bindMonitor(monitor);
    }

    /** A detector goes. */
    public void remove(HeartbeatMonitor monitor) {
        core.unbindMonitor(monitor);
    }

    /** Ends in order. */
    public void close() {
        core.close();
        core.loop().end();
    }

    /** What a new process makes of the journal: its newest snapshot and the lines after it. */
    public static State replay(Host blind, Journal journal) {
        var follower = new Follower(blind, journal, new Engine(Limits.DEFAULT), _ -> {});
        follower.finish();
        var state = follower.state();
        follower.close();
        return state;
    }

    /** What comes of all lines from the first on. */
    public static State replayAll(Journal journal) {
        var engine = new Engine(Limits.DEFAULT);
        var state = State.empty();
        try (var reader = journal.readAfter(0)) {
            for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
                var first = batch.get().events().getFirst();
                var input = InputCodec.decode(first).orElseThrow();
                var stamp = new Stamp(
                        first.seq(),
                        first.epoch(),
                        first.time(),
                        first.mono(),
                        first.actor().orElse(Actor.part("unknown")));
                state = engine.step(state, input, stamp).state();
            }
        }
        return state;
    }

    /** The same state without what a snapshot leaves out on purpose: the lines of requests. */
    public static State comparable(State state) {
        return new State(
                state.seq(),
                state.instance(),
                state.entities(),
                state.global(),
                state.hamPid(),
                state.epoch(),
                state.since(),
                state.stopped(),
                state.guardianPid(),
                state.guardianReady(),
                state.hamFailures(),
                state.guardianFailures(),
                state.verbosity(),
                state.alarms(),
                state.suspended(),
                Requests.of(state.requests().order()),
                state.successor(),
                state.upgrade());
    }
}
