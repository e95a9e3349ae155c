package org.ham.simulation;

import java.util.ArrayList;
import java.util.List;
import org.ham.linux.ExitStatus;

/** What happens next: one thing a step. */
final class Scheduler {
    private static final long MS = 1_000_000;
    private static final int NESTED_MOST = 2_000;

    private final World world;
    private final Dice dice;
    private final List<Choice> choices = new ArrayList<>();
    private final List<Jobs.Job> due = new ArrayList<>();
    private final List<Node> paused = new ArrayList<>();
    private long steps;

    /** One thing that could happen. */
    private record Choice(Node node, Jobs.@org.jspecify.annotations.Nullable Job job) {}

    Scheduler(World world) {
        this.world = world;
        this.dice = world.dice;
    }

    long steps() {
        return steps;
    }

    void step() {
        steps++;
        world.keepLaunched();
        if (!world.resting) {
            somethingElse();
        }
        work();
        look();
    }

    private void look() {
        world.archive.look();
        world.audits.after();
        var state = world.leaderState();
        if (state != null) {
            world.lastState = state;
        }
    }

    /** Somebody does what is to be done, or time passes until there is something to do. */
    private void work() {
        if (dice.oneIn(3)) {
            world.kernel.advanceTo(world.kernel.mono() + dice.small(2 * MS));
        }
        collect();
        if (choices.isEmpty()) {
            var next = next();
            if (next == Long.MAX_VALUE) {
                world.kernel.advanceTo(world.kernel.mono() + dice.small(1_000 * MS));
            } else {
                world.kernel.advanceTo(Math.max(next, world.kernel.mono() + 1));
            }
            return;
        }
        run(dice.pick(choices));
    }

    private void collect() {
        choices.clear();
        var now = world.kernel.mono();
        for (var node : world.nodes) {
            if (node.dead || paused.contains(node) || node.isStill(now)) {
                continue;
            }
            if (node.ready(now)) {
                choices.add(new Choice(node, null));
            }
            due.clear();
            node.jobs.due(now, due);
            for (var job : due) {
                choices.add(new Choice(node, job));
            }
        }
    }

    private void run(Choice choice) {
        var node = choice.node();
        var job = choice.job();
        if (job == null) {
            node.turn();
            return;
        }
        world.trace.add(node + ": " + job);
        node.jobs.remove(job);
        node.run(job.what);
    }

    private long next() {
        var next = world.kernel.nextTimer();
        for (var node : world.nodes) {
            if (!node.dead && !node.hangs && !paused.contains(node)) {
                next = Math.min(next, Math.max(node.stalledUntil, Math.min(node.readyAt(), node.jobs.next())));
            }
        }
        return next >= Long.MAX_VALUE / 8 ? Long.MAX_VALUE : next;
    }

    private void somethingElse() {
        var settings = world.settings;
        if (dice.oneIn(settings.nodeDeaths())) {
            world.faults.nodes();
        }
        if (dice.oneIn(settings.diskFaults())) {
            world.faults.disk();
        }
        if (dice.oneIn(settings.others())) {
            world.faults.others();
        }
        if (dice.oneIn(settings.upgrades())) {
            world.faults.upgrade();
        }
        if (dice.oneIn(settings.entityDeaths())) {
            kill();
        }
        if (dice.oneIn(4)) {
            world.clients.ask();
        }
        if (dice.oneIn(30)) {
            world.kernel.advanceTo(world.kernel.mono() + dice.small(500 * MS));
        }
    }

    /** A process that HAM supervises, or once did, dies. */
    private void kill() {
        var all = world.kernel.processes.values().stream()
                .filter(p -> p.node == null && p.life == Proc.Life.RUNS)
                .toList();
        if (all.isEmpty()) {
            return;
        }
        var proc = dice.pick(all);
        world.count("processes died");
        world.trace.add(proc + " dies");
        world.audits.dies(proc);
        world.kernel.end(
                proc,
                switch (dice.below(3)) {
                    case 0 -> ExitStatus.exited(dice.below(3));
                    case 1 -> ExitStatus.signalled(9, false);
                    default -> ExitStatus.signalled(11, dice.oneIn(2));
                });
    }

    /** Lets all but one go on for a while. */
    void others(Node waiting, long nanos) {
        var end = world.kernel.mono() + nanos;
        paused.add(waiting);
        for (var i = 0; i < NESTED_MOST && world.kernel.mono() < end && !waiting.dead; i++) {
            collect();
            if (choices.isEmpty()) {
                world.kernel.advanceTo(Math.min(end, Math.max(next(), world.kernel.mono() + 1)));
            } else {
                run(dice.pick(choices));
            }
            look();
        }
        paused.remove(waiting);
    }
}
