package org.ham.guardian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
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
@Component(service = GuardianKeeper.class, immediate = true)
public final class GuardianKeeper implements LoopTask {
    private static final Logger LOG = System.getLogger(GuardianKeeper.class.getName());
    private static final Limits LIMITS = Limits.DEFAULT;
    private static final String ALARM = "guardian";
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Role role;
    private final Mirror mirror;
    private final Processes processes;
    private final Signals signals;
    private final Bundle framework;
    private final NodeStarter starter;
    private final long predecessor;
    private final BackOff backOff = new BackOff(LIMITS);
    private final Hands hands;
    private final Errands errands;
    private final ServiceRegistration<LoopTask> registration;
    private volatile @Nullable Standing standing;

    private volatile @Nullable Replacement next;

    private volatile long now;
    private boolean stopSeen;
    private boolean ending;

    /** Who is to stand by instead, and what to do once it does. */
    private record Replacement(Standing by, Runnable done) {}

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
            @Reference Primary primary,
            BundleContext context,
            @Reference Role role,
            @Reference Mirror mirror,
            @Reference Processes processes,
            @Reference Signals signals) {
        this(primary, context, role, mirror, processes, signals, Threads.REAL);
    }

    GuardianKeeper(
            Primary primary,
            BundleContext context,
            Role role,
            Mirror mirror,
            Processes processes,
            Signals signals,
            Hands hands) {
        this.hands = hands;
        errands = new Errands("ham-guardian", hands, LOG, "Could not tend the Guardian");
        this.role = role;
        this.mirror = mirror;
        this.processes = processes;
        this.signals = signals;
        framework = context.getBundle(0);
        starter = new NodeStarter(role, processes, context);
        predecessor = primary.predecessor();
        errands.add(this::begin);
        registration = context.registerService(LoopTask.class, this, null);
    }

    private void begin() {
        if (role.settings().command().isEmpty()) {
            mirror.alarm(ALARM, "runs unmirrored: no ham.guardian.command says how to start a Guardian");
            LOG.log(Level.WARNING, "HAM runs UNMIRRORED: nothing replaces it when it dies. Set ham.guardian.command.");
            return;
        }
        adoptable().ifPresentOrElse(this::adopt, this::spawn);
    }

    /**
     * A Guardian that is there: of this very process, from an earlier activation of this bundle, though it may be just coming, or of
     * the HAM that handed over to this one.
     */
    private Optional<Standing> adoptable() {
        var pid = role.runDir().namedGuardian();
        if (pid == 0 || pid == role.pid()) {
            return Optional.empty();
        }
        return starter.lineOf(pid)
                .flatMap(line -> standsBy(role.pid(), pid)
                        .or(() -> predecessor == 0 ? Optional.empty() : standsBy(predecessor, pid))
                        .map(process -> new Standing(process, line, role.settings(), now)));
    }

    private Optional<ProcessRef> standsBy(long ham, long pid) {
        return processes
                .findByEnvironment(
                        Map.of(Settings.GUARDIAN_OF, Long.toString(ham), Settings.STANDS_BY, Settings.GUARDIAN))
                .filter(found -> found.pid() == pid);
    }

    /** That it was started, or is ready, may not have got through to the core that went; who knows it already takes no notice. */
    private void adopt(Standing guardian) {
        mirror.guardianStarted(guardian.pid());
        watch(guardian);
    }

    private void spawn() {
        // One may have come to replace that for which this was to be the next.
        if (ending || standing != null) {
            return;
        }
        try {
            role.runDir().forgetGuardian();
            var guardian = starter.start(
                    role.settings().command(), Map.of(), role.runDir().log(), now);
            role.runDir().nameGuardian(guardian.pid());
            mirror.guardianStarted(guardian.pid());
            LOG.log(Level.INFO, "Started a Guardian, process {0}", Long.toString(guardian.pid()));
            watch(guardian);
        } catch (LinuxException | IOException e) {
            var pause = backOff.pause(Duration.ZERO);
            alarm("no Guardian: cannot start it: " + e.getMessage());
            errands.later(pause.isZero() ? LIMITS.firstPause() : pause, this::spawn);
        }
    }

    /** The Guardian, if there is one that could take over. */
    Optional<Standing> ready() {
        return Optional.ofNullable(standing).filter(Standing::isReady);
    }

    /**
     * Has another process that is ready stand by, and ends the one that does so far.
     *
     * @param done run once that is done, on any thread
     */
    void replace(Standing by, Runnable done) {
        next = new Replacement(by, done);
        errands.add(this::replace);
    }

    private void replace() {
        var replacement = next;
        next = null;
        if (replacement != null) {
            try {
                replaceNow(replacement.by());
            } finally {
                replacement.done().run();
            }
        }
    }

    private void replaceNow(Standing by) {
        if (ending) {
            kill(by.process(), SIGTERM);
            return;
        }
        var old = standing;
        mirror.guardianStarted(by.pid());
        watch(by);
        ready(by);
        if (old != null) {
            processes.unwatch(old.process());
            // Not asked to end: should this process die just then, it would take over and then take that for a stop
            // of all.
            kill(old.process(), SIGKILL);
        }
        name(by);
    }

    private void name(Standing guardian) {
        try {
            role.runDir().nameGuardian(guardian.pid());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write guardian.pid", e);
        }
    }

    private void watch(Standing guardian) {
        standing = guardian;
        processes.watch(guardian.process(), status -> errands.add(() -> died(guardian, status)));
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
        var why = guardian.verdict().isEmpty() ? describe(status) : guardian.verdict();
        mirror.guardianFailed(guardian.pid(), why);
        alarm("no Guardian: process " + guardian.pid() + " " + why);
        errands.later(backOff.pause(Duration.ofNanos(guardian.age(now))), this::spawn);
    }

    private void forget() {
        try {
            role.runDir().forgetGuardian();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove guardian.pid", e);
        }
    }

    /** How a process ended, for people. */
    static String describe(ExitStatus status) {
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
            errands.add(this::end);
        }
        var guardian = standing;
        return guardian == null || stopSeen
                ? Long.MAX_VALUE
                : guardian.look(role.page(), role.settings(), nowNanos, new Standing.Listener() {
                    @Override
                    public void ready() {
                        errands.add(() -> GuardianKeeper.this.ready(guardian));
                    }

                    @Override
                    public void hung() {
                        errands.add(() -> kill(guardian.process(), SIGKILL));
                    }
                });
    }

    private void ready(Standing guardian) {
        if (standing == guardian) {
            mirror.guardianReady(guardian.pid());
            mirror.alarm(ALARM, "");
            LOG.log(Level.INFO, "The Guardian, process {0}, is ready", Long.toString(guardian.pid()));
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
        kill(guardian.process(), SIGTERM);
        errands.later(LIMITS.stop(), () -> kill(guardian.process(), SIGKILL));
    }

    private void kill(ProcessRef guardian, int signal) {
        try {
            signals.send(guardian, signal);
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "Guardian not signalled: {0}", e.getMessage());
        }
    }

    @Deactivate
    void close() {
        registration.unregister();
        errands.end(LIMITS.stop());
        // Said already to be so, and found by the next activation.
        errands.last(this::replace);
        var guardian = standing;
        if (guardian == null) {
            return;
        }
        processes.unwatch(guardian.process());
        // Without a stop of the whole process the Guardian stays: the next activation finds it again.
        if ((framework.getState() & (Bundle.STOPPING | Bundle.RESOLVED)) != 0) {
            endNow(guardian.process());
        }
    }

    /** Ends the Guardian and waits for it: it must not take over from a HAM that leaves on purpose. */
    private void endNow(ProcessRef guardian) {
        kill(guardian, SIGTERM);
        for (var left = LIMITS.stop().toNanos(); left > 0 && processes.isAlive(guardian); left -= LOOK.toNanos()) {
            hands.pause(LOOK);
        }
        kill(guardian, SIGKILL);
        forget();
    }
}
