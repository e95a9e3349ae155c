package org.ham.simulation;

import org.ham.core.SimulatedCore;
import org.ham.spi.Action;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;

/** The action plug-in of one node and the threads that run it: quick, slow, failing, hanging, or interrupted and late. */
public final class Work implements Action<Work.None>, SimulatedCore.Hands {
    static final String TYPE = "work";
    private static final long MS = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Node node;
    private boolean installed = true;

    /** Whether what runs now was interrupted before. */
    private boolean late;

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
        node.touch("act");
        if (!late) {
            world.acted(node, invocation);
        }
        node.touch("acted");
        return world.faults.actionFails() ? Outcome.failed("it was to fail") : Outcome.done("");
    }

    @Override
    public Runnable start(String name, Runnable what) {
        var world = node.world;
        var interrupted = new boolean[1];
        var job = node.jobs.add("", name, world.faults.actionDelay(MS, NEVER), () -> {
            late = interrupted[0];
            try {
                what.run();
            } finally {
                late = false;
            }
        });
        return () -> {
            interrupted[0] = true;
            // Some take notice at once, some do what they were about to do and then end.
            if (world.dice.oneIn(3)) {
                job.due = world.kernel.mono();
            } else {
                node.jobs.remove(job);
            }
        };
    }

    @Override
    public Runnable after(long nanos, Runnable what) {
        var job = node.jobs.add("", "deadline", nanos, what);
        return () -> node.jobs.remove(job);
    }

    /** It comes with a new core. */
    void plugInto(SimulatedCore core) {
        core.plug(this);
        installed = true;
    }

    /** The plug-in goes, or comes again. */
    void turnOver() {
        if (node.core == null) {
            return;
        }
        if (installed) {
            node.core.unplug(this);
        } else {
            node.core.plug(this);
        }
        installed = !installed;
    }

    boolean isInstalled() {
        return installed;
    }

    /** What hangs goes on. */
    static void goOn(Node node, long now) {
        node.jobs.all().forEach(job -> job.due = job.due >= NEVER / 2 ? now : job.due);
    }
}
