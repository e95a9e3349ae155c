package org.ham.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ham.api.Actor;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.core.engine.Effect;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.core.engine.Stamp;
import org.ham.core.engine.State;
import org.ham.journal.Batch;
import org.ham.journal.Journal;
import org.ham.journal.JournalGapException;
import org.ham.journal.JournalReader;
import org.ham.spi.Host;

/**
 * The mirror: folds what the HAM writes, and carries out nothing. It holds every process open already, so that it learns
 * of deaths, with their reasons, that the HAM does not live to write down. Confined to the loop's thread.
 */
final class Follower implements Role {
    private static final Logger LOG = System.getLogger(Follower.class.getName());

    /** How many batches one turn folds at most, so that a long journal does not hold up everything else. */
    private static final int BATCHES = 10_000;

    private final boolean learns;
    private final Watching watching;
    private final Host host;
    private final Journal journal;
    private final Engine engine;
    private final Consumer<State> publish;
    private final Map<ProcessId, Seen> seen = new HashMap<>();
    private final List<String> findings = new java.util.ArrayList<>();
    private JournalReader reader;
    private State state = State.empty();
    private boolean more;

    /** A death the journal does not tell of yet. */
    record Seen(String entity, ExitReason reason) {}

    Follower(Host host, Journal journal, Engine engine, Consumer<State> publish) {
        this(host, journal, engine, publish, true);
    }

    /** @param learns whether it learns of deaths; what it is the first to see, the kernel does not tell again */
    Follower(Host host, Journal journal, Engine engine, Consumer<State> publish, boolean learns) {
        this.learns = learns;
        this.watching = new Watching(host, (entity, process, reason) -> seen.put(process, new Seen(entity, reason)));
        this.host = host;
        this.journal = journal;
        this.engine = engine;
        this.publish = publish;
        this.reader = journal.read();
        begin();
    }

    private void begin() {
        var snapshot = reader.snapshot();
        if (snapshot.isPresent()) {
            try {
                state = StateCodec.read(snapshot.get().state());
            } catch (RuntimeException e) {
                note("the snapshot cannot be used: " + e.getMessage());
                state = State.empty();
            }
        } else {
            state = State.empty();
        }
        state.entities().values().forEach(entity -> {
            if (entity.process() != null) {
                watch(entity.name(), entity.process());
            }
        });
        publish.accept(state);
    }

    @Override
    public void turn() {
        more = false;
        watching.tryAgain();
        var before = state;
        try {
            for (int i = 0; i < BATCHES; i++) {
                var batch = reader.next();
                if (batch.isEmpty()) {
                    break;
                }
                foldGuarded(batch.get());
                more = i == BATCHES - 1;
            }
        } catch (JournalGapException e) {
            startAnew(e);
        }
        reader.findings().forEach(this::note);
        if (state != before) {
            publish.accept(state);
        }
    }

    /** Forgets all it has, for a snapshot that has what it lacks. */
    void startAnew(JournalGapException why) {
        LOG.log(Level.INFO, "Fell behind the journal, starting anew from its snapshot: {0}", why.getMessage());
        reader.close();
        forgetAll();
        reader = journal.read();
        begin();
        more = true;
    }

    private void note(String finding) {
        LOG.log(Level.WARNING, "Journal: {0}", finding);
        if (findings.size() < 100) {
            findings.add(finding);
        }
    }

    private void foldGuarded(Batch batch) {
        try {
            fold(batch);
        } catch (RuntimeException e) {
            var first = batch.events().getFirst();
            LOG.log(Level.ERROR, "Could not fold line " + first.seq(), e);
            note("line " + first.seq() + " of type '" + first.type() + "' could not be folded and was skipped: " + e);
            state = state.skippedTo(batch.events().getLast().seq(), first.epoch());
        }
    }

    private void fold(Batch batch) {
        var first = batch.events().getFirst();
        var last = batch.events().getLast();
        var input = InputCodec.decode(first).orElse(null);
        if (input == null) {
            // Lost lines heal by themselves: the reader starts anew from the next snapshot.
            note(
                    first.type().equals(Journal.LOST)
                            ? "lines were lost while the disk was full, up to line " + last.seq()
                            : "line " + first.seq() + " of type '" + first.type()
                                    + "' is of a newer HAM and was skipped");
            state = state.skippedTo(last.seq(), last.epoch());
            return;
        }
        var stamp = new Stamp(
                first.seq(),
                first.epoch(),
                first.time(),
                first.mono(),
                first.actor().orElse(Actor.part("unknown")));
        var decision = engine.step(state, input, stamp);
        if (decision.lines().size() != batch.events().size()) {
            note("lines " + first.seq() + " to " + last.seq() + " (" + first.type() + ") came to "
                    + decision.lines().size() + " lines here; HAM and Guardian are of different versions");
        }
        state = decision.state().skippedTo(last.seq(), last.epoch());
        decision.effects().forEach(this::mirror);
    }

    private void mirror(Effect effect) {
        switch (effect) {
            case Effect.Watch watch -> watch(watch.entity(), watch.process());
            case Effect.Unwatch unwatch -> {
                seen.remove(unwatch.process());
                watching.unwatch(unwatch.process());
            }
            case Effect.Start _, Effect.Invoke _, Effect.Monitor _, Effect.Forget _ -> {}
        }
    }

    private void watch(String entity, ProcessId process) {
        if (learns) {
            watching.watch(entity, process);
        }
    }

    private void forgetAll() {
        seen.clear();
        state.entities().values().forEach(entity -> {
            if (entity.process() != null) {
                watching.unwatch(entity.process());
            }
        });
    }

    /** Whether the journal was read to its end in the last turn. */
    boolean caughtUp() {
        return !more;
    }

    State state() {
        return state;
    }

    JournalReader reader() {
        return reader;
    }

    /** Reads what is left, for good: nobody writes any more. */
    void finish() {
        do {
            turn();
        } while (more);
    }

    /** The deaths that were seen and stand in no journal; handed over once. */
    Map<ProcessId, Seen> takeSeen() {
        var taken = Map.copyOf(seen);
        seen.clear();
        return taken;
    }

    /** What was wrong with the journal; handed over once. */
    List<Input> takeFindings() {
        var taken =
                findings.stream().<Input>map(f -> new Input.Found("journal", f)).toList();
        findings.clear();
        return taken;
    }

    @Override
    public long nextTurn() {
        return more ? 0 : watching.nextTry();
    }

    @Override
    public void close() {
        forgetAll();
        reader.close();
    }
}
