package org.ham.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.ham.api.ActionFlag;
import org.ham.api.Actor;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionType;
import org.ham.api.StartSpec;
import org.ham.core.engine.Action;
import org.ham.core.engine.Condition;
import org.ham.core.engine.Engine;
import org.ham.core.engine.Input;
import org.ham.journal.Journal;
import org.ham.journal.JournalReader;
import org.ham.journal.JournalSettings;
import org.ham.spi.Host;

/**
 * Takes over and leads a few times over a journal of its own, with a machine of its own in which an entity dies again and
 * again: what a takeover and a recovery execute is loaded and compiled afterwards, as it is the very same code. Touches no
 * process, and no file outside its folder. Confined to one thread.
 */
final class Rehearsal {
    /** Each is a takeover, begun with a death that only the one who follows has seen. */
    private static final int TAKEOVERS = 10;

    /** In each takeover. In all more than the 200 calls after which the quick compiler takes notice. */
    private static final int DEATHS = 40;

    private static final String NAME = "rehearsal";
    private static final Actor ACTOR = Actor.part(NAME);

    private final RehearsedMachine machine;
    private final Plugins plugins;
    private final Path folder;
    private final Journal journal;
    private final Engine engine;
    private final Mailbox mailbox = new Mailbox();

    /** A rehearsal that keeps its journal in an empty folder; the host is only asked for the time. */
    Rehearsal(Host host, Plugins plugins, Engine engine, Path folder) {
        this.machine = new RehearsedMachine(host);
        this.plugins = plugins;
        this.engine = engine;
        this.folder = folder;
        this.journal = Journal.at(folder, JournalSettings.of(NAME));
    }

    /** Goes through it all, or as far as it is wanted; returns how many deaths were recovered. */
    int run(BooleanSupplier wanted) {
        for (int i = 0; i < TAKEOVERS && wanted.getAsBoolean(); i++) {
            takeOver(wanted);
        }
        return machine.starts();
    }

    private void takeOver(BooleanSupplier wanted) {
        var follower = new Follower(machine, journal, engine, _ -> {});
        follower.finish();
        machine.killAll();
        var workers = new Threads();
        var actions = new ActionRunner(plugins, workers, 1, () -> 0, _ -> {});
        JournalReader reader = follower.reader();
        var writer = journal.write(reader, follower.state().epoch() + 1);
        var leader = new Leader(
                machine,
                engine,
                actions,
                new Monitors(),
                new Environs(),
                new Members(),
                writer,
                new Snapshots(workers, () -> {}),
                follower,
                mailbox,
                _ -> {},
                folder.toString());
        leader.begin(new Input.Led(NAME, 1, 1, NAME));
        if (leader.state().entities().isEmpty()) {
            mailbox.add(new Request(attach(), ACTOR, null));
        }
        leader.turn();
        for (int i = 0; i < DEATHS && wanted.getAsBoolean(); i++) {
            machine.killAll();
            leader.turn();
        }
        leader.close();
        reader.close();
    }

    private static Input attach() {
        var action = new Action(
                "restart", "restart", Map.of(), Set.of(ActionFlag.REARM), true, List.of(), true, null, false);
        var condition = new Condition("died", ConditionType.DEATH, Set.of(ConditionFlag.REARM), true, List.of(action));
        return new Input.Attach(NAME, StartSpec.of(List.of("/bin/true")), null, Set.of(), List.of(condition), false);
    }
}
