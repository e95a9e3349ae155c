package org.ham.simulation;

import org.ham.linux.ExitStatus;

/** What goes wrong, and when. */
final class Faults {
    private static final long MS = 1_000_000;
    private static final int SIGKILL = 9;
    private static final int POINTS = 60;
    private static final int BYTES = 6_000;

    private final World world;
    private final Dice dice;
    private int failingSpawns;

    /** Whether there have been two HAMs that do not know of each other. */
    boolean twoInOneFolder;

    Faults(World world) {
        this.world = world;
        this.dice = world.dice;
    }

    /** Whether the start that is asked for now fails. */
    boolean spawnFails() {
        if (world.resting || failingSpawns == 0) {
            return false;
        }
        failingSpawns--;
        world.count("starts refused");
        return true;
    }

    /** Whether a core that has just taken up the lead is about to be replaced. */
    boolean replacesCoreSoon() {
        return !world.resting && dice.oneIn(5);
    }

    boolean actionFails() {
        return dice.oneIn(world.resting ? 10 : 5);
    }

    /** In how long an action runs. */
    long actionDelay(long ms, long never) {
        if (dice.below(10) < 7) {
            return 0;
        }
        if (dice.oneIn(4) && !world.resting) {
            world.count("actions that hang");
            return never;
        }
        return dice.small(800 * ms);
    }

    /** A node is doomed, killed, or two of them. */
    void nodes() {
        if (world.nodes.isEmpty()) {
            return;
        }
        var node = dice.pick(world.nodes);
        switch (dice.below(8)) {
            case 0 -> kill(node);
            case 1 -> {
                world.count("HAM and Guardian killed together");
                for (var each : java.util.List.copyOf(world.nodes)) {
                    kill(each);
                }
            }
            case 2, 3, 4 -> {
                node.doom().afterPoints(dice.small(POINTS));
                world.count("deaths at a point");
                world.trace.add(node + " is doomed at a point");
            }
            case 5, 6 -> {
                node.doom().afterBytes(dice.small(BYTES));
                world.count("deaths at a byte");
                world.trace.add(node + " is doomed at a byte");
            }
            default -> {
                world.count("both doomed at points");
                for (var each : world.nodes) {
                    each.doom().afterPoints(dice.small(POINTS));
                }
                world.trace.add("all nodes are doomed at a point");
            }
        }
    }

    private void kill(Node node) {
        world.count("nodes killed");
        node.kill(ExitStatus.signalled(SIGKILL, false));
    }

    /** The disk gets worse, or well again. */
    void disk() {
        var disk = world.disk;
        switch (dice.below(7)) {
            case 0, 1 -> {
                disk.room = disk.used() + dice.small(8_000);
                world.count("disk nearly full");
                world.trace.add("the disk has room for " + (disk.room - disk.used()) + " bytes");
            }
            case 2 -> {
                disk.refusesRename = true;
                world.count("renames refused");
                world.trace.add("the disk refuses to rename");
            }
            case 3 -> {
                disk.refusesForce = true;
                world.count("forces refused");
                world.trace.add("the disk refuses to force");
            }
            case 4 -> {
                disk.refusesTruncate = true;
                world.count("truncates refused");
                world.trace.add("the disk refuses to truncate");
            }
            default -> {
                disk.heal();
                world.trace.add("the disk is well");
            }
        }
    }

    /** Stalls, bundles, clocks, launchers. */
    void others() {
        switch (dice.below(13)) {
            case 0, 1 -> stall();
            case 10, 11 -> hang();
            case 12 -> stealLock();
            case 2 -> {
                var by = (dice.oneIn(2) ? 1 : -1) * dice.small(100_000_000 * MS);
                world.kernel.jump(by);
                world.count("wall clock set");
                world.trace.add("the wall clock jumps");
            }
            case 3, 4 -> {
                if (!world.nodes.isEmpty()) {
                    var node = dice.pick(world.nodes);
                    node.work.turnOver();
                    world.count("plug-ins come and go");
                    world.trace.add(node + ": the plug-in " + (node.work.isInstalled() ? "comes" : "goes"));
                }
            }
            case 5 -> {
                failingSpawns = dice.below(4);
                world.trace.add("the next " + failingSpawns + " starts fail");
            }
            case 6 -> {
                world.count("launched once too often");
                world.launch();
            }
            case 7, 8 -> bundles();
            default -> world.clients.vanish();
        }
    }

    /** Somebody upgrades HAM, to another distribution or to the same. */
    void upgrade() {
        var leader = world.server();
        if (leader == null) {
            return;
        }
        var to = dice.pick(World.DISTRIBUTIONS);
        world.trace.add("somebody upgrades " + leader + " to " + to);
        leader.jobs.start("upgrade", () -> leader.upgrade(to));
    }

    private void stall() {
        if (world.nodes.isEmpty()) {
            return;
        }
        var node = dice.pick(world.nodes);
        node.stalledUntil = world.kernel.mono() + dice.small(9_000 * MS);
        world.count("stalls");
        world.trace.add(node + " is stopped for a while");
    }

    private void hang() {
        if (world.nodes.isEmpty()) {
            return;
        }
        var node = dice.pick(world.nodes);
        node.hangs = true;
        world.count("hangs");
        world.trace.add(node + " hangs");
    }

    /** Somebody deletes the lock's file, and somebody starts HAM again. */
    private void stealLock() {
        if (world.server() == null || !dice.oneIn(3)) {
            return;
        }
        world.count("lock taken away");
        world.trace.add("somebody deletes the role lock's file, and starts HAM");
        world.kernel.lockHolder = null;
        world.lockStolen = true;
        twoInOneFolder = true;
        world.launch();
    }

    private void bundles() {
        if (!world.nodes.isEmpty() && dice.oneIn(2)) {
            replaceCore(dice.pick(world.nodes));
            return;
        }
        var leader = world.server();
        if (leader == null) {
            return;
        }
        if (dice.oneIn(3)) {
            detector(leader);
            return;
        }
        world.count("leads given up and taken up again");
        world.trace.add(leader + " follows and leads again");
        leader.run(leader::followAndLead);
    }

    /** Of the HAM, of one that stands by, or of one that is about to be the one or the other. */
    private void replaceCore(Node node) {
        if (node.hasCore()) {
            world.count(node.leads() ? "core of a HAM replaced in place" : "core of a Guardian replaced in place");
            world.trace.add(node + ": the core is replaced");
            node.run(node::replaceCore);
        }
    }

    private void detector(Node leader) {
        world.count("detectors come and go");
        world.trace.add(leader + ": the detector " + (leader.monitor.bound ? "goes" : "comes"));
        if (leader.monitor.bound) {
            leader.monitor.goesFrom(leader.theCore());
        } else {
            leader.monitor.comesTo(leader.theCore());
        }
    }

    /** Somebody who sees two HAMs ends the one that has nothing to say. */
    void endUsurped() {
        var server = world.server();
        for (var node : world.nodes) {
            // Two HAMs in one folder wrote each over the other's note of its Guardian, and one may be left over.
            var surplus = twoInOneFolder
                    && server != null
                    && node.standsBy()
                    && server.state().guardianReady()
                    && node.proc.ref.pid() != server.state().guardianPid();
            if ((node.usurped || surplus) && !node.dead) {
                kill(node);
            }
        }
    }

    /** Everything works from now on. */
    void end() {
        failingSpawns = 0;
        world.disk.heal();
        var now = world.kernel.mono();
        for (var node : world.nodes) {
            node.doom().averted();
            node.stalledUntil = 0;
            if (!node.work.isInstalled()) {
                node.work.turnOver();
            }
            Work.goOn(node, now);
        }
    }
}
