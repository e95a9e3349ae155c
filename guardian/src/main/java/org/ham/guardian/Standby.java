package org.ham.guardian;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.linux.Signals;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The Guardian's eye on the HAM: sees it die, kills it when it hangs, and takes over. After a stop that was asked for it
 * leaves instead. In the HAM it lets the Guardian know that the core loop lives. Confined to the core loop, but for its making
 * and closing.
 *
 * <p>A HAM that hands over names its successor in the journal and then lets the word go. In an upgrade two processes stand by, and
 * who is not the successor watches the successor from then on.
 *
 * <p>Of the death of the thread that leads it learns before the process is gone, and takes over at once; where that is not
 * told the end of the process is.
 */
@Component(
        service = {},
        immediate = true)
public final class Standby implements LoopTask {
    private static final Logger LOG = System.getLogger(Standby.class.getName());
    private static final int SIGKILL = 9;
    private static final long SUCCEED_AGAIN_NANOS = 300_000;
    private static final long UNKNOWN = -1;

    private final Role role;
    private final Mirror mirror;
    private final Processes processes;
    private final Signals signals;
    private final Reactor reactor;
    private final ServiceRegistration<LoopTask> registration;
    private HangJudge judge;
    private Optional<AutoCloseable> watch = Optional.empty();
    private volatile boolean leaderDead;
    private boolean readToItsEnd;
    private boolean dead;
    private boolean fenced;
    private boolean decided;

    /** Who led by the journal at the last look. */
    private long leader = UNKNOWN;

    /** This process is to lead. */
    private boolean named;

    /** This process was to lead, and another one does. */
    private boolean lost;

    /** This process was not started by the HAM it guards now. That one stood by before, so it need not be waited for as for one that starts. */
    private boolean stoodBy;

    /** Begins to watch the HAM, if this process stands by. */
    @Activate
    public Standby(
            BundleContext context,
            @Reference Role role,
            @Reference Mirror mirror,
            @Reference Processes processes,
            @Reference Signals signals,
            @Reference Reactor reactor) {
        this.role = role;
        this.mirror = mirror;
        this.processes = processes;
        this.signals = signals;
        this.reactor = reactor;
        judge = new HangJudge(role.settings().beat());
        role.guarded().ifPresent(this::watch);
        registration = context.registerService(LoopTask.class, this, null);
    }

    private void watch(ProcessRef ham) {
        processes.watch(ham, _ -> dead |= role.guarded().equals(Optional.of(ham)));
        watch = Optional.of(role.word().onDeath(() -> {
            leaderDead = true;
            reactor.wake();
        }));
    }

    @Override
    public long turned(long seq, long now) {
        if (role.primary()) {
            lead();
            return Long.MAX_VALUE;
        }
        if (role.guarded().isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (mirror.caughtUp()) {
            regard(mirror.leader());
        }
        if (named) {
            return succeed(now);
        }
        var ham = role.guarded();
        if (decided) {
            return Long.MAX_VALUE;
        }
        // The turn before this call has read the journal to its end, so a stop that the HAM wrote before its death is
        // known.
        if (dead) {
            decide();
            return Long.MAX_VALUE;
        }
        if (leaderDead) {
            if (!readToItsEnd) {
                // It may have been told after this turn had read the journal; the next one reads the rest.
                readToItsEnd = true;
                return 0;
            }
            leaderDead = false;
            ahead(ham.get());
        }
        if (!decided && isSuperfluous()) {
            decided = true;
            role.leave(0, "the HAM has another Guardian, process " + mirror.guardian());
        }
        return decided ? Long.MAX_VALUE : judge(ham.get(), now);
    }

    /** While it had no core, and not the lock either, somebody may have come to lead who took it for one that was stopped. */
    private void lead() {
        if (!lost && !role.word().hold()) {
            lost = true;
            role.leave(
                    1, "another process has come to lead in " + role.settings().runDir());
        }
    }

    /**
     * Whether there is nothing left to stand by for. In an upgrade two stand by, and when the new HAM dies on probation the one that does not
     * take over follows the other, which does not know of it and starts a Guardian of its own.
     */
    private boolean isSuperfluous() {
        var other = mirror.guardian();
        return stoodBy && mirror.upgrade().isEmpty() && other != 0 && other != role.pid();
    }

    /**
     * Who leads by the journal. Only a change counts: while the disk takes nothing the journal names a HAM that is long dead, whose
     * number any process may have by now.
     */
    private void regard(long now) {
        var before = leader;
        leader = now;
        if (before == now || before == UNKNOWN) {
            return;
        }
        named = now == role.pid();
        // Without an upgrade there is one that stands by, and who is not it has no business here any more.
        var goesOn = mirror.upgrade().isPresent()
                && now != role.guarded().orElseThrow().pid();
        if (!named && goesOn && beats(now)) {
            guard(now);
        }
    }

    /** Whether it is a process of HAM's. */
    private boolean beats(long pid) {
        return Stream.of(Line.values()).anyMatch(line -> role.page().read(line).pid() == pid);
    }

    /** The HAM has handed over to this process and leads no more; the word says so a moment later than the journal. */
    private long succeed(long now) {
        if (decided) {
            return Long.MAX_VALUE;
        }
        if (!role.word().reserve()) {
            // One that hangs between the two is in the way as any HAM that hangs.
            judge(role.guarded().orElseThrow(), now);
            return SUCCEED_AGAIN_NANOS;
        }
        decided = true;
        lead();
        if (!lost) {
            role.takeOverAhead(Primary.Reason.HANDED_OVER);
        }
        return Long.MAX_VALUE;
    }

    /** Another process leads than the one that is guarded: that one died or handed over, and this one was not to follow it. */
    private void guard(long pid) {
        ProcessRef next;
        try {
            next = processes.identify(pid);
        } catch (LinuxException e) {
            // Dead already, as the one before is: what was to be done then is to be done now.
            LOG.log(Level.DEBUG, "The HAM, process {0}, is gone: {1}", Long.toString(pid), e.getMessage());
            return;
        }
        role.guarded().ifPresent(processes::unwatch);
        watch.ifPresent(Standby::end);
        role.guard(next);
        judge = new HangJudge(role.settings().beat());
        dead = false;
        leaderDead = false;
        readToItsEnd = false;
        fenced = false;
        decided = false;
        stoodBy = true;
        watch(next);
    }

    /** Nobody writes the journal any more, though the process and its lock may be there for a while. */
    private void ahead(ProcessRef ham) {
        if (mirror.stopping() || !role.word().claim()) {
            return;
        }
        decided = true;
        // Where a single thread died the rest must go too; a process that is dying, or dead by now, takes no notice.
        kill(ham, Level.DEBUG);
        role.takeOverAhead(reason());
    }

    private void decide() {
        decided = true;
        if (mirror.stopping()) {
            role.leave(0, "the HAM was stopped");
        } else {
            role.takeOver(reason());
        }
    }

    private Primary.Reason reason() {
        return fenced ? Primary.Reason.FENCED : Primary.Reason.TOOK_OVER;
    }

    private long judge(ProcessRef ham, long now) {
        var beat = role.page().read(Line.HAM);
        var limit = limit(beat, ham);
        var left = limit.toNanos() - judge.tick(now, beat.count());
        if (left <= 0 && !fenced) {
            fence(ham, "no beat for " + limit.toMillis() + " ms");
        }
        return fenced ? Long.MAX_VALUE : Math.min(left, role.settings().beat().toNanos());
    }

    private Duration limit(BeatPage.Beat beat, ProcessRef ham) {
        if (beat.pid() != ham.pid()) {
            return stoodBy ? role.settings().silence() : Limits.DEFAULT.start();
        }
        return beat.away() ? Limits.DEFAULT.away() : role.settings().silence();
    }

    private void fence(ProcessRef ham, String why) {
        LOG.log(Level.WARNING, "The HAM, process {0}, hangs ({1}); killing it", Long.toString(ham.pid()), why);
        fenced = true;
        kill(ham, Level.WARNING);
    }

    private void kill(ProcessRef ham, Level ifNot) {
        try {
            signals.send(ham, SIGKILL);
        } catch (LinuxException e) {
            // Dead already is as good; anything else leaves the lock where it is, and nothing more can be done from
            // here.
            LOG.log(ifNot, "Could not kill the HAM: {0}", e.getMessage());
        }
    }

    @Override
    public void ended() {
        role.word().keep();
    }

    @Deactivate
    void close() {
        registration.unregister();
        role.guarded().ifPresent(processes::unwatch);
        watch.ifPresent(Standby::end);
    }

    private static void end(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("the watch of the leader did not close", e);
        }
    }
}
