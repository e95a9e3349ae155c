package org.ham.simulation;

import java.util.Objects;
import org.ham.core.SimulatedCore;
import org.ham.spi.Action;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** The action plug-in of one node and the threads that run it: quick, slow, failing, hanging, or interrupted and late. */
public final class Work implements Action<Work.None>, SimulatedCore.Hands {
    static final String TYPE = "work";
    private static final long MS = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Node node;
    private boolean installed = true;

    /** Whether the plug-in's bundle is to come back, as far as the framework knows. */
    private boolean returning;

    /** What runs now. */
    @Nullable
    Attempt attempt;

    /** No parameters. */
    public record None() {}

    Work(Node node) {
        this.node = node;
    }

    @Override
    public String name() {
        return TYPE;
    }

    @Override
    public Class<None> parameters() {
        return None.class;
    }

    @Override
    public Outcome run(Invocation<None> invocation) {
        var world = node.world;
        var now = Objects.requireNonNull(attempt);
        if (now.reaches()) {
            now.sleep(world.faults.actionDelay(MS, NEVER));
        }
        node.touch("act");
        if (!now.isInterrupted()) {
            world.acted(node, invocation);
        }
        node.touch("acted");
        return world.faults.actionFails() ? Outcome.failed("it was to fail") : Outcome.done("");
    }

    @Override
    public Runnable start(String name, Runnable what) {
        var fresh = new Attempt(node, name, what);
        fresh.begin();
        return fresh::interrupt;
    }

    @Override
    public Runnable after(long nanos, Runnable what) {
        var job = node.jobs.add("", "deadline", nanos, what);
        return () -> node.jobs.remove(job);
    }

    @Override
    public void pause(long nanos) throws InterruptedException {
        node.world.count("looks for a plug-in that is to come back");
        Objects.requireNonNull(attempt).look(nanos);
    }

    @Override
    public boolean comesBack() {
        return returning;
    }

    /** It comes with a new core. */
    void plugInto(SimulatedCore core) {
        core.plug(this);
        installed = true;
        returning = false;
    }

    /** The plug-in goes, or comes again. */
    void turnOver() {
        var core = node.core;
        if (core == null) {
            return;
        }
        if (installed) {
            goes(core);
        } else {
            core.plug(this);
            installed = true;
            returning = false;
        }
    }

    /** For good, or to be replaced: then it comes in time, too late, or the framework sees that it cannot be started again. */
    private void goes(SimulatedCore core) {
        var world = node.world;
        returning = world.dice.oneIn(2);
        installed = false;
        if (returning) {
            world.count("plug-ins replaced");
            var comes = world.dice.oneIn(3);
            node.jobs.add("", "plug-in", world.dice.small(comes ? 3_000 * MS : 20_000 * MS), () -> {
                if (returning && comes) {
                    turnOver();
                }
                returning = false;
            });
        }
        core.unplug(this);
    }

    boolean isInstalled() {
        return installed;
    }

    /** What hangs goes on. */
    static void goOn(Node node, long now) {
        node.jobs.all().forEach(job -> job.due = job.due >= NEVER / 2 ? now : job.due);
    }
}
