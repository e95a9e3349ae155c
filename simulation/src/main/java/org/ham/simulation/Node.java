package org.ham.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import org.ham.api.HamException;
import org.ham.core.SimulatedCore;
import org.ham.core.engine.State;
import org.ham.guardian.SimulatedGuard;
import org.ham.journal.SimulatedDisk;
import org.ham.linux.ExitStatus;
import org.ham.spi.Primary;
import org.jspecify.annotations.Nullable;

/** One simulated process of HAM: the real core and guardian bundle, or what is left when they come and go. */
final class Node implements SimulatedDisk.Toucher {
    private static final int EXIT_ON_ERROR = 70;
    private static final int MOST_PAUSES = 2_000;

    final World world;
    final Proc proc;
    final Watches watches;
    final Jobs jobs;
    final SimulatedMonitor monitor = new SimulatedMonitor();
    final Work work;

    /** The process that it was started to stand by for, 0 for none. */
    final long guardianOf;

    /** The distribution it comes from. */
    final Path home;

    final Flaw flaw;
    private final Doom doom = new Doom();

    boolean dead;
    boolean stopping;
    long stalledUntil;

    /** It does nothing until somebody ends it. */
    boolean hangs;

    /** Another process leads although this one was never ended; it may do nothing any more. */
    boolean usurped;

    @Nullable
    SimulatedCore core;

    @Nullable
    SimulatedGuard guard;

    private @Nullable Primary primary;

    /** The core that was told to lead. */
    private @Nullable SimulatedCore asked;

    private boolean serves;
    private boolean woken = true;
    private long readyAt;
    private int pauses;

    Node(World world, Proc proc, long guardianOf, Path home) {
        this.world = world;
        this.proc = proc;
        this.guardianOf = guardianOf;
        this.home = home;
        flaw = isCandidate() ? Flaw.draw(world.dice) : Flaw.NONE;
        watches = new Watches(this);
        jobs = new Jobs(this);
        work = new Work(this);
        proc.node = this;
    }

    // ---- its life ----

    /** What the launcher does: the framework starts, the bundles come up. */
    void boot() {
        raiseCore();
        try {
            var fresh = new SimulatedGuard(Machines.of(this, guardianOf), new Hands());
            guard = fresh;
            fresh.begin(theCore().mirror());
        } catch (IOException e) {
            world.trace.add(this + " refuses: " + e.getMessage());
        }
    }

    private void raiseCore() {
        var fresh = new SimulatedCore(
                new SimulatedHost(this),
                world.settings.journal(world.disk, this),
                World.RUN_DIR,
                world.settings.invocations(),
                work);
        core = fresh;
        work.plugInto(fresh);
        wake();
    }

    /** Whether it has come up, and has a core that may be replaced by another. */
    boolean hasCore() {
        return !dead && !stopping && core != null && guard != null;
    }

    SimulatedCore theCore() {
        return java.util.Objects.requireNonNull(core);
    }

    /** It is the HAM now: what acts comes up. */
    void becomes(Primary marker) {
        primary = marker;
        jobs.start("lead", this::lead);
    }

    private void lead() {
        var marker = primary;
        if (marker == null || core == null || core == asked) {
            return;
        }
        asked = core;
        world.trace.add(this + " takes up the lead: " + marker.reason());
        theCore().lead(marker, proc.ref.pid(), world.dice.word()).whenComplete((_, e) -> led(e));
    }

    private void led(@Nullable Throwable e) {
        if (e instanceof HamException gone && gone.code() == HamException.Code.NOT_CONNECTED) {
            // Replaced before it got to it: the next core is asked.
            return;
        }
        if (e != null) {
            world.fail("NothingThrows", this + " could not take up the lead: " + e);
            return;
        }
        world.led(this);
        serves = true;
        if (world.faults.replacesCoreSoon()) {
            jobs.add("", "upgrade", world.dice.small(600_000_000), () -> {
                if (serves()) {
                    world.trace.add(this + ": the core is replaced soon after");
                    replaceCore();
                }
            });
        }
        monitor.comesTo(theCore());
        jobs.start("keep", () -> {
            // It may have been a short lead.
            if (serves && core != null && guard != null && primary != null) {
                guard.keep(core.mirror(), primary);
            }
        });
    }

    /** Somebody has both processes replaced by those of a distribution. */
    void upgrade(Path to) {
        if (!serves() || guard == null) {
            return;
        }
        var before = world.upgraded;
        // It may die in the midst of it, with one more that stands by.
        world.upgraded = true;
        try {
            guard.upgrade(to);
            world.count("upgrades begun");
        } catch (HamException e) {
            world.upgraded = before;
            world.count("upgrades refused");
            world.trace.add(this + " refuses to be upgraded: " + e.code());
        }
    }

    /** Only what leads goes and comes again. */
    void followAndLead() {
        endServing();
        java.util.Objects.requireNonNull(guard).keepNoMore();
        endLead(theCore());
        asked = null;
        jobs.add("", "lead", world.dice.small(50_000_000), this::lead);
    }

    /** The bundle of the core is replaced by another. */
    void replaceCore() {
        endServing();
        java.util.Objects.requireNonNull(guard).end();
        var old = theCore();
        endLead(old);
        old.close();
        core = null;
        jobs.add("", "core", world.dice.small(50_000_000), () -> {
            raiseCore();
            java.util.Objects.requireNonNull(guard).begin(theCore().mirror());
            if (primary != null) {
                jobs.start("lead", this::lead);
            }
        });
    }

    private void endLead(SimulatedCore old) {
        if (old.leads()) {
            var decided = old.decides();
            old.follow();
            try {
                old.turn();
            } finally {
                // Also when it dies on the way from one role to the other.
                world.ends(this, decided.getAsLong());
            }
        }
    }

    private void endServing() {
        serves = false;
        if (monitor.bound) {
            monitor.goesFrom(theCore());
        }
    }

    /** The framework stops in order, and the process exits. */
    void leave() {
        if (stopping) {
            return;
        }
        stopping = true;
        serves = false;
        world.trace.add(this + " leaves");
        var old = core;
        if (guard != null) {
            guard.end();
        }
        if (old != null) {
            endLead(old);
            old.close();
            core = null;
        }
        if (guard != null) {
            guard.close();
        }
        kill(ExitStatus.exited(0));
    }

    void kill(ExitStatus status) {
        if (dead) {
            return;
        }
        world.trace.add(this + " dies: " + status.kind() + " " + status.value());
        world.nodeDies(this);
        dead = true;
        serves = false;
        jobs.all().clear();
        world.kernel.beginToEnd(proc, status);
    }

    // ---- its turns ----

    boolean ready(long now) {
        return core != null && !dead && !isStill(now) && (woken || now >= readyAt || watches.anythingToTell());
    }

    boolean isStill(long now) {
        return hangs || now < stalledUntil;
    }

    /** When it is ready at the latest. */
    long readyAt() {
        return core == null || dead || hangs ? Long.MAX_VALUE : Math.max(stalledUntil, woken ? 0 : readyAt);
    }

    void turn() {
        run(() -> {
            woken = false;
            // Whichever of the two the kernel tells first, both are known when the core turns.
            watches.deliver();
            world.lastWords.read(this);
            theCore().turn();
            monitor.told = monitor.bound;
        });
    }

    void run(Runnable what) {
        pauses = 0;
        try {
            what.run();
        } catch (NodeDeath e) {
            if (!dead) {
                throw new IllegalStateException("somebody else's death", e);
            }
        } catch (RuntimeException e) {
            world.fail("NothingThrows", this + ": " + Texts.of(e));
        } catch (Error e) {
            var fenced = e.getClass().getSimpleName().equals("FencedError");
            if (!fenced || !usurped && !world.lockStolen) {
                world.fail("NothingThrows", this + ": " + Texts.of(e));
            }
            kill(ExitStatus.exited(EXIT_ON_ERROR));
        }
    }

    void waits(long nanos) {
        var now = world.kernel.mono();
        readyAt =
                woken || watches.anythingToTell() ? now : nanos >= Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    void wake() {
        woken = true;
    }

    /** Whether its loop is to turn for something that it was told. */
    boolean isWoken() {
        return woken;
    }

    /** Somebody wrote to the journal's folder. */
    void ring(long when) {
        readyAt = Math.min(readyAt, when);
    }

    /** Whether it was started to lead soon. */
    boolean isCandidate() {
        return "candidate".equals(proc.environment.get("HAM_STANDS_BY"));
    }

    boolean leads() {
        return !dead && core != null && core.leads();
    }

    /** Whether clients get through to it. */
    boolean serves() {
        return serves && leads();
    }

    boolean standsBy() {
        return guards() != 0;
    }

    /** The process it stands by for, 0 when it does not. */
    long guards() {
        return !dead && guard != null && core != null && !guard.primary() ? guard.guarded() : 0;
    }

    State state() {
        return theCore().state();
    }

    // ---- where it may die ----

    Doom doom() {
        return doom;
    }

    @Override
    public void touch(String what) {
        if (dead) {
            throw new NodeDeath();
        }
        if (doom.comes()) {
            world.trace.add(this + " dies at " + what);
            throw die();
        }
    }

    @Override
    public int written(int bytes) {
        world.rang(this);
        return doom.written(bytes);
    }

    @Override
    public NodeDeath die() {
        kill(ExitStatus.signalled(9, false));
        return new NodeDeath();
    }

    @Override
    public String toString() {
        return "node " + proc.ref.pid() + "/" + proc.ref.inode();
    }

    /** Its executors and threads. */
    private final class Hands implements SimulatedGuard.Work {
        @Override
        public ScheduledExecutorService one(String name) {
            return new SerialExecutor(jobs, name);
        }

        @Override
        public void start(String name, Runnable what) {
            jobs.start(name, what);
        }

        @Override
        public void halt() {
            touch("halt");
            world.count("hand-overs");
            kill(ExitStatus.exited(0));
            throw new NodeDeath();
        }

        @Override
        public void pause(long nanos) {
            if (++pauses > MOST_PAUSES) {
                if (!world.faults.twoInOneFolder) {
                    world.fail("ComesToRest", Node.this + " waits for ever");
                }
                // It waits for a lock that another HAM in its folder has and keeps.
                throw die();
            }
            world.scheduler.others(Node.this, nanos);
            if (dead) {
                throw new NodeDeath();
            }
        }
    }
}
