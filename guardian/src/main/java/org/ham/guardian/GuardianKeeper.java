package org.ham.guardian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ham.guardian.BeatPage.Line;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.linux.Spawn;
import org.ham.spi.HeldSocket;
import org.ham.spi.LoopTask;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.ham.spi.Supervisor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps a Guardian running while this process is the HAM: starts it, watches it, kills it when it hangs, starts the next, and
 * ends it before the HAM itself ends. What it knows of the Guardian is confined to its own thread; the core loop only looks
 * at {@link #standing} and hands over.
 */
@Component(
        service = {},
        immediate = true,
        // Only gates: there is no Guardian to keep before this process is the HAM.
        reference = @Reference(name = "primary", service = Primary.class))
public final class GuardianKeeper implements LoopTask {
    private static final Logger LOG = System.getLogger(GuardianKeeper.class.getName());
    private static final Limits LIMITS = Limits.DEFAULT;
    private static final String ALARM = "guardian";
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final long LOOK_NANOS = 5_000_000;

    private final Role role;
    private final Mirror mirror;
    private final Processes processes;
    private final Signals signals;
    private final Bundle framework;
    private final BundleContext context;
    private final BackOff backOff = new BackOff(LIMITS);
    private final ScheduledExecutorService thread = Threads.one("ham-guardian");
    private final ServiceRegistration<LoopTask> registration;
    private volatile @Nullable Standing standing;
    private volatile long now;
    private boolean stopSeen;
    private boolean ending;

    /**
     * Begins to keep a Guardian.
     *
     * @param ham not used but waited for: it comes when the lead is taken up. Before, the mirror still tells of the HAM
     *     before this one, and of its stop. A reference that nobody gets would not wait, as a service is registered before
     *     its component is activated.
     */
    @Activate
    public GuardianKeeper(
            @Reference Supervisor ham,
            BundleContext context,
            @Reference Role role,
            @Reference Mirror mirror,
            @Reference Processes processes,
            @Reference Signals signals) {
        this.role = role;
        this.mirror = mirror;
        this.processes = processes;
        this.signals = signals;
        framework = context.getBundle(0);
        this.context = context;
        thread.execute(this::begin);
        registration = context.registerService(LoopTask.class, this, null);
    }

    private void begin() {
        if (role.settings().command().isEmpty()) {
            mirror.alarm(ALARM, "runs unmirrored: no ham.guardian.command says how to start a Guardian");
            LOG.log(Level.WARNING, "HAM runs UNMIRRORED: nothing replaces it when it dies. Set ham.guardian.command.");
            return;
        }
        adoptable().ifPresentOrElse(guardian -> watch(guardian, true), this::spawn);
    }

    /** A Guardian that an earlier activation in this process started and that still beats. */
    private Optional<ProcessRef> adoptable() {
        var pid = role.runDir().namedGuardian();
        var beat = role.page().read(Line.GUARDIAN);
        if (pid == 0 || pid == role.pid() || beat.pid() != pid) {
            return Optional.empty();
        }
        return processes
                .findByEnvironment(Settings.GUARDIAN_OF, Long.toString(role.pid()))
                .filter(found -> found.pid() == pid);
    }

    private void spawn() {
        if (ending) {
            return;
        }
        try {
            role.page().clear(Line.GUARDIAN);
            role.runDir().forgetGuardian();
            var sockets = Inheritance.of(HeldSockets.in(context));
            var guardian = processes.spawn(new Spawn(
                            role.settings().command(),
                            Optional.empty(),
                            environment(sockets),
                            Optional.empty(),
                            Map.of(),
                            Optional.of(role.runDir().log()))
                    .withDescriptors(sockets.descriptors()));
            role.runDir().nameGuardian(guardian.pid());
            mirror.guardianStarted(guardian.pid());
            LOG.log(Level.INFO, "Started a Guardian, process {0}", Long.toString(guardian.pid()));
            watch(guardian, false);
        } catch (LinuxException | IOException e) {
            var pause = backOff.pause(Duration.ZERO);
            alarm("no Guardian: cannot start it: " + e.getMessage());
            later(pause.isZero() ? LIMITS.firstPause() : pause, this::spawn);
        }
    }

    private Map<String, String> environment(Inheritance sockets) {
        var environment = new HashMap<>(System.getenv());
        environment.put(Settings.GUARDIAN_OF, Long.toString(role.pid()));
        environment.put(HeldSocket.VARIABLE, sockets.variable());
        return environment;
    }

    private void watch(ProcessRef guardian, boolean ready) {
        var next = new Standing(guardian, new HangJudge(role.settings().beat()), now, ready);
        standing = next;
        processes.watch(guardian, status -> hand(() -> died(next, status)));
    }

    private void died(Standing guardian, ExitStatus status) {
        if (standing != guardian) {
            return;
        }
        standing = null;
        forget();
        if (ending) {
            role.leave(0, "HAM was stopped");
            return;
        }
        var why = guardian.verdict.isEmpty() ? describe(status) : guardian.verdict;
        mirror.guardianFailed(guardian.process.pid(), why);
        alarm("no Guardian: process " + guardian.process.pid() + " " + why);
        later(backOff.pause(Duration.ofNanos(now - guardian.since)), this::spawn);
    }

    private void forget() {
        try {
            role.runDir().forgetGuardian();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove guardian.pid", e);
        }
    }

    private static String describe(ExitStatus status) {
        return switch (status.kind()) {
            case EXITED -> "exited with code " + status.value();
            case SIGNALLED ->
                "was ended by " + Signals.name(status.value()) + (status.core() ? " and dumped core" : "");
            case UNKNOWN -> "died in an unknown way";
        };
    }

    private void alarm(String text) {
        LOG.log(Level.WARNING, "{0}", text);
        mirror.alarm(ALARM, text);
    }

    @Override
    public long turned(long seq, long nowNanos) {
        now = nowNanos;
        if (mirror.stopping() && !stopSeen) {
            stopSeen = true;
            hand(this::end);
        }
        var guardian = standing;
        return guardian == null || stopSeen ? Long.MAX_VALUE : look(guardian, nowNanos);
    }

    /** The core loop's look at the Guardian: is it ready, does it hang? */
    private long look(Standing guardian, long nowNanos) {
        var beat = role.page().read(Line.GUARDIAN);
        var beats = beat.pid() == guardian.process.pid();
        if (beats && beat.ready() && !guardian.ready) {
            guardian.ready = true;
            hand(() -> ready(guardian));
        }
        var limit = beats ? role.settings().silence() : LIMITS.start();
        var left = limit.toNanos() - guardian.judge.tick(nowNanos, beat.count());
        if (left > 0) {
            var pause = role.settings().beat().toNanos();
            return Math.min(
                    left,
                    guardian.ready ? pause : Math.min(pause, LIMITS.readyLook().toNanos()));
        }
        if (guardian.verdict.isEmpty()) {
            guardian.verdict = "hung: no beat for " + limit.toMillis() + " ms";
            hand(() -> kill(guardian.process, SIGKILL));
        }
        return Long.MAX_VALUE;
    }

    private void ready(Standing guardian) {
        if (standing == guardian) {
            mirror.guardianReady(guardian.process.pid());
            mirror.alarm(ALARM, "");
            LOG.log(Level.INFO, "The Guardian, process {0}, is ready", Long.toString(guardian.process.pid()));
        }
    }

    /** After a stop was asked for: the Guardian first, then this process. */
    private void end() {
        ending = true;
        var guardian = standing;
        if (guardian == null) {
            role.leave(0, "HAM was stopped");
            return;
        }
        kill(guardian.process, SIGTERM);
        later(LIMITS.stop(), () -> kill(guardian.process, SIGKILL));
    }

    private void kill(ProcessRef guardian, int signal) {
        try {
            signals.send(guardian, signal);
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "Guardian not signalled: {0}", e.getMessage());
        }
    }

    private void hand(Runnable what) {
        later(Duration.ZERO, what);
    }

    private void later(Duration pause, Runnable what) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(guard(what), pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** An executor would keep an exception to itself, and with it the fact that there is no Guardian. */
    private Runnable guard(Runnable what) {
        return () -> {
            try {
                what.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "Could not tend the Guardian", e);
            }
        };
    }

    @Deactivate
    void close() {
        registration.unregister();
        Threads.end(thread, LIMITS.stop());
        var guardian = standing;
        if (guardian == null) {
            return;
        }
        processes.unwatch(guardian.process);
        // Without a stop of the whole process the Guardian stays: the next activation finds it again.
        if ((framework.getState() & (Bundle.STOPPING | Bundle.RESOLVED)) != 0) {
            endNow(guardian.process);
        }
    }

    /** Ends the Guardian and waits for it: it must not take over from a HAM that leaves on purpose. */
    private void endNow(ProcessRef guardian) {
        kill(guardian, SIGTERM);
        for (var left = LIMITS.stop().toNanos(); left > 0 && processes.isAlive(guardian); left -= LOOK_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        kill(guardian, SIGKILL);
        forget();
    }

    /** The Guardian as it is watched now; the fields that change belong to the core loop. */
    private static final class Standing {
        final ProcessRef process;
        final HangJudge judge;
        final long since;
        volatile boolean ready;
        volatile String verdict = "";

        Standing(ProcessRef process, HangJudge judge, long since, boolean ready) {
            this.process = process;
            this.judge = judge;
            this.since = since;
            this.ready = ready;
        }
    }
}
