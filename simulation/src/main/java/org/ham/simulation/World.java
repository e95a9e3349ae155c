package org.ham.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ham.core.engine.State;
import org.ham.journal.SimulatedDisk;
import org.ham.linux.SharedPage;
import org.ham.spi.Invocation;
import org.jspecify.annotations.Nullable;

/** Everything there is: the machine, the nodes of HAM, their clients, and who looks whether it is as it should be. */
final class World implements AutoCloseable {
    static final Path RUN_DIR = Path.of("/run/ham");

    /** What HAM can be started from. */
    static final List<Path> DISTRIBUTIONS = List.of(Path.of("/opt/one"), Path.of("/opt/two"));

    private static final int PAGE = 4096;
    private static final long MS = 1_000_000;

    final Dice dice;
    final WorldSettings settings;
    final Trace trace;
    final SimulatedKernel kernel;
    final SimulatedDisk disk = new SimulatedDisk();
    final SharedPage page = SharedPage.inMemory(PAGE);

    /** Where the guardian bundle keeps the Guardian's number; the one thing that is on a real disk. */
    final Path runDir;

    final List<Node> nodes = new ArrayList<>();
    final Faults faults;
    final Clients clients;
    final LastWords lastWords = new LastWords(this);
    final Archive archive;
    final Scheduler scheduler;
    final Audits audits;
    final Map<String, Integer> counts = new HashMap<>();

    /** What went wrong first. */
    @Nullable
    Violation violation;

    /** Whether nothing is to go wrong any more, so that all can be finished. */
    boolean resting;

    /** Lines were given up for want of room, or died with a HAM that had no room for them. */
    boolean linesLost;

    /** Lines up to this one may be among those that were lost. */
    long lostUpTo;

    /** There is a line that stands for others. */
    boolean linesGivenUp;

    /** The state of who led last. */
    State lastState = State.empty();

    /** Whether the HAM that leads may lose that: somebody took its lock's file away, or it did not take the lock for long. */
    boolean lockStolen;

    /** Whether an upgrade was begun since the last rest: two may stand by. */
    boolean upgraded;

    private boolean launching;

    World(long seed, Path runDir, int told) {
        trace = new Trace(told);
        this.runDir = runDir;
        dice = new Dice(seed);
        settings = WorldSettings.draw(dice);
        kernel = new SimulatedKernel(this, dice);
        faults = new Faults(this);
        clients = new Clients(this);
        archive = new Archive(this);
        scheduler = new Scheduler(this);
        audits = new Audits(this);
        org.ham.guardian.SimulatedGuard.clear(runDir);
    }

    void fail(String audit, String why) {
        if (violation == null) {
            violation = new Violation(audit, why);
            trace.add("FAILED: " + audit);
        }
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    // ---- nodes ----

    /** Somebody starts HAM, as systemd would. */
    void launch() {
        launching = false;
        boot(kernel.spawn(Map.of(), 1), 0, dice.pick(DISTRIBUTIONS));
    }

    /** The lock of a dead HAM is free: somebody who was started for no need may get it before the one who leads by the word. */
    void lockFreed() {
        if (!resting && dice.oneIn(12)) {
            count("launched as the lock is freed");
            boot(kernel.spawn(Map.of(), 1), 0, dice.pick(DISTRIBUTIONS), dice.small(10 * MS));
        }
    }

    /** A process was started that will be a node. */
    void boot(Proc proc, long guardianOf, Path home) {
        boot(proc, guardianOf, home, dice.small(300 * MS));
    }

    private void boot(Proc proc, long guardianOf, Path home, long within) {
        var node = new Node(this, proc, guardianOf, home);
        nodes.add(node);
        var what = node.isCandidate() ? " to lead after " : " as the Guardian of ";
        trace.add(node + " of " + home + " is started" + (guardianOf == 0 ? "" : what + guardianOf));
        node.jobs.add("", "boot", within, node::boot);
    }

    /** If there is nobody left who could, somebody starts HAM again. */
    void keepLaunched() {
        nodes.removeIf(node -> node.dead);
        for (var node : nodes) {
            if (node.hangs && !isWatched(node)) {
                node.hangs = false;
                trace.add(node + " goes on, as nobody is there to end it");
            }
        }
        if (nodes.isEmpty() && !launching) {
            launching = true;
            kernel.later(dice.small(2_000 * MS), this::launch);
        }
    }

    /** Whether somebody is there who ends a node when it hangs. */
    private boolean isWatched(Node hanging) {
        for (var node : nodes) {
            var guardian = node.serves() ? node.state().guardianPid() : 0;
            var started = node.serves() && hanging.guardianOf == node.proc.ref.pid();
            if (!node.hangs
                    && (started || node.guards() == hanging.proc.ref.pid() || guardian == hanging.proc.ref.pid())) {
                return true;
            }
        }
        return false;
    }

    /** The node that leads and may. */
    @Nullable
    Node leader() {
        for (var node : nodes) {
            if (node.leads() && !node.usurped) {
                return node;
            }
        }
        return null;
    }

    /** The node that clients get through to. */
    @Nullable
    Node server() {
        var leader = leader();
        return leader != null && leader.serves() ? leader : null;
    }

    @Nullable
    State leaderState() {
        var leader = leader();
        return leader == null ? null : leader.state();
    }

    void nodeDies(Node node) {
        if (node.leads()) {
            ends(node, node.theCore().decided());
        }
        clients.nodeDies(node);
    }

    /** A node leads no more, having decided up to this line; what the disk did not take is gone. */
    void ends(Node node, long decided) {
        if (!node.usurped) {
            archive.look();
            lost(node, decided);
        }
    }

    private void lost(Node node, long decided) {
        if (decided > archive.seq()) {
            trace.add("lines " + (archive.seq() + 1) + " to " + decided + " go with " + node);
            count("lines lost with a HAM");
            linesLost = true;
            lostUpTo = Math.max(lostUpTo, decided);
            lastState = State.empty();
            audits.linesLost();
        }
    }

    void led(Node node) {
        count("takeovers and starts");
        putOut(node);
        // Where the lock was taken away one that was put out of office may take up the lead anew, with its next core.
        node.usurped = false;
        if (linesLost) {
            // Until a snapshot is beyond them, what lost lines told is missing in whatever a new HAM makes of the rest.
            lostUpTo = Math.max(lostUpTo, node.state().seq());
            audits.linesLost();
        }
        audits.led(node);
    }

    /** Whoever led before this one does not any more, whether it knows or not; what it has in memory goes with it. */
    void putOut(Node node) {
        for (var other : nodes) {
            if (other != node && other.leads() && !other.usurped) {
                trace.add(other + " was put out of office by " + node);
                // The archive has not seen yet what the new one wrote in this step.
                lost(other, other.theCore().decided());
                other.usurped = true;
                audits.usurped(other, lockStolen);
            }
        }
    }

    /** A node wrote to the journal's folder; those who follow are woken. */
    void rang(Node writer) {
        for (var node : nodes) {
            if (node != writer) {
                node.ring(kernel.mono() + dice.small(2 * MS));
            }
        }
    }

    // ---- what HAM does to the world ----

    void spawned(Node by, Proc proc) {
        trace.add(by + " starts " + proc + " for " + proc.invocation());
        count("processes started");
        audits.spawned(by, proc);
    }

    void acted(Node by, Invocation<?> invocation) {
        trace.add(by + " runs " + invocation.path() + " of " + invocation.entity() + " as " + invocation.id());
        count("actions run");
        audits.acted(by, invocation);
    }

    @Override
    public void close() {
        page.close();
    }
}
