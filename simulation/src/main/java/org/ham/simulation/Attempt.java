package org.ham.simulation;

import org.jspecify.annotations.Nullable;

/**
 * A thread that runs an action. There is but one real thread, so what sleeps in it is unwound, and called again from its beginning when
 * the sleep is over: up to there an action does nothing that could not be done twice.
 */
final class Attempt {
    /** For as long a plug-in that is to come back is waited for. */
    private static final long PATIENCE = 10_000_000_000L;

    /** The real one looks more often; here each look would be a step. */
    private static final int LOOKS_LEFT_OUT = 25;

    private final Node node;
    private final String name;
    private final Runnable what;
    private Jobs.@Nullable Job job;
    private boolean interrupted;
    private boolean reached;
    private long waited;

    /** Unwinds what sleeps. */
    private static final class Asleep extends Error {
        private static final long serialVersionUID = 1L;

        final long nanos;

        Asleep(long nanos) {
            super("asleep", null, false, false);
            this.nanos = nanos;
        }
    }

    Attempt(Node node, String name, Runnable what) {
        this.node = node;
        this.name = name;
        this.what = what;
    }

    void begin() {
        wake(0);
    }

    private void wake(long after) {
        job = node.jobs.add("", name, after, this::go);
    }

    private void go() {
        var before = node.work.attempt;
        node.work.attempt = this;
        try {
            what.run();
        } catch (Asleep e) {
            wake(e.nanos);
        } finally {
            node.work.attempt = before;
        }
    }

    /** It is in the plug-in; whether for the first time. */
    boolean reaches() {
        var first = !reached;
        reached = true;
        return first;
    }

    void sleep(long nanos) {
        if (nanos > 0) {
            throw new Asleep(nanos);
        }
    }

    /** Looks again later; who has looked for so long gives up by himself. */
    void look(long nanos) throws InterruptedException {
        if (interrupted) {
            throw new InterruptedException();
        }
        if (waited < PATIENCE) {
            waited += nanos * LOOKS_LEFT_OUT;
            throw new Asleep(nanos * LOOKS_LEFT_OUT);
        }
    }

    boolean isInterrupted() {
        return interrupted;
    }

    void interrupt() {
        interrupted = true;
        var next = job;
        if (next == null) {
            return;
        }
        // Some take notice at once, some do what they were about to do and then end.
        if (node.world.dice.oneIn(3)) {
            next.due = node.world.kernel.mono();
        } else {
            node.jobs.remove(next);
        }
    }
}
