package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ham.api.HamException;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.RobustFutexes;
import org.ham.linux.Urgency;
import org.ham.spi.Primary;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Is the HAM, or stands by: registers {@link Primary} exactly while it is the HAM. Whoever gets the role lock is the HAM; whoever
 * does not get it stays only when the holder asked it to be its Guardian. A Guardian whose core loop has claimed the {@link
 * LeaderWord} is the HAM before it has the lock, which the kernel takes its time to free. Thread-safe.
 */
@Component(service = Role.class, immediate = true)
public final class RoleKeeper implements Role {
    private static final Logger LOG = System.getLogger(RoleKeeper.class.getName());
    private static final Limits LIMITS = Limits.DEFAULT;

    private final BundleContext context;
    private final Processes processes;
    private final long pid;
    private final Settings settings;
    private final RunDir runDir;
    private final BeatPage page;
    private final RoleLock lock;
    private final LeaderWord word;
    private volatile Optional<ProcessRef> guarded = Optional.empty();
    private final Hands hands;
    private final ScheduledExecutorService thread;
    private volatile @Nullable ServiceRegistration<Primary> marker;
    private volatile boolean leading;
    private volatile boolean closed;
    private boolean asked;

    /** Takes the lock, or finds out whose Guardian this process is. */
    @Activate
    public RoleKeeper(
            BundleContext context,
            @Reference Processes processes,
            @Reference RobustFutexes futexes,
            @Reference Urgency urgency)
            throws IOException {
        this(context, processes, futexes, System.getenv());
        thread.execute(urgency::raiseThisThread);
    }

    RoleKeeper(BundleContext context, Processes processes, RobustFutexes futexes, Map<String, String> environment)
            throws IOException {
        this(
                context,
                processes,
                futexes,
                () -> Place.open(
                        context::getProperty, environment, processes.self().pid()),
                Threads.REAL);
    }

    RoleKeeper(BundleContext context, Processes processes, RobustFutexes futexes, Place.Opening opening, Hands hands)
            throws IOException {
        this.context = context;
        this.processes = processes;
        this.hands = hands;
        thread = hands.one("ham-role");
        pid = processes.self().pid();
        try {
            var place = opening.open();
            settings = place.settings();
            runDir = place.runDir();
            page = place.page();
            lock = place.lock();
            word = new LeaderWord(page.memory(), BeatPage.WORD, futexes);
            guarded = findRole();
        } catch (IOException | IllegalArgumentException | HamException e) {
            leave(1, String.valueOf(e.getMessage()));
            throw new RefusedException(e.getMessage());
        }
    }

    private Optional<ProcessRef> findRole() throws IOException {
        var before = lock.holder();
        var invited = settings.guardianOf().isPresent() && before.equals(settings.guardianOf());
        if (acquire()) {
            thread.execute(() -> lead(
                    invited ? Primary.Reason.TOOK_OVER : Primary.Reason.STARTED, invited ? before.getAsLong() : 0));
            return Optional.empty();
        }
        // Only now the file surely names the holder: until it was asked for, the lock may have been changing hands.
        var holder = lock.holder();
        if (holder.isEmpty() || !holder.equals(settings.guardianOf())) {
            refuse(holder);
            return Optional.empty();
        }
        return standBy(holder.getAsLong());
    }

    /**
     * Takes the lock, if it is free and nobody leads who is just about to take it. Who does not take it though it is left to
     * him again and again is dead, and his word says something else only because its mark was never made.
     */
    private boolean acquire() throws IOException {
        for (var tries = 0; lock.take(pid); tries++) {
            if (tries == LIMITS.leadTries()) {
                word.seize();
            }
            if (word.reserve()) {
                leading = true;
                return true;
            }
            lock.release();
            hands.pause(LIMITS.leadPause());
        }
        return false;
    }

    private Optional<ProcessRef> standBy(long holder) throws IOException {
        Optional<ProcessRef> found = find(holder);
        // Asked again: held still by that pid means that the process found is the holder and no later one of its
        // number.
        if (acquire()) {
            thread.execute(() -> lead(Primary.Reason.TOOK_OVER, holder));
            return Optional.empty();
        }
        if (found.isEmpty()) {
            refuse(lock.holder());
        } else {
            // So that its thread is there when it counts.
            thread.execute(() -> {});
            LOG.log(Level.INFO, "Standing by as the Guardian of the HAM, process {0}", Long.toString(holder));
        }
        return found;
    }

    private Optional<ProcessRef> find(long holder) {
        try {
            return Optional.of(processes.identify(holder));
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "Process {0} is gone: {1}", Long.toString(holder), e.getMessage());
            return Optional.empty();
        }
    }

    private void refuse(OptionalLong holder) {
        leave(
                1,
                "another HAM (process " + (holder.isPresent() ? holder.getAsLong() : "unknown") + ") holds "
                        + settings.runDir()
                        + "; stop it with 'ham stop' or give another folder with --run-dir or HAM_RUN_DIR");
    }

    @Override
    public synchronized void guard(ProcessRef ham) {
        LOG.log(Level.INFO, "Standing by for another HAM, process {0}", Long.toString(ham.pid()));
        guarded = Optional.of(ham);
        asked = false;
    }

    @Override
    public synchronized void takeOver(Primary.Reason reason) {
        var ham = guarded;
        if (!asked && ham.isPresent()) {
            asked = true;
            thread.execute(() -> tryLock(reason, ham.get(), 1));
        }
    }

    private void tryLock(Primary.Reason reason, ProcessRef predecessor, int attempt) {
        try {
            if (!guarded.equals(Optional.of(predecessor))) {
                LOG.log(Level.DEBUG, "Another process has taken over from {0}", Long.toString(predecessor.pid()));
            } else if (acquire()) {
                lead(reason, predecessor.pid());
            } else if (attempt < LIMITS.lockTries()) {
                var _ = thread.schedule(
                        () -> tryLock(reason, predecessor, attempt + 1),
                        LIMITS.lockPause().toMillis(),
                        TimeUnit.MILLISECONDS);
            } else {
                refuse(lock.holder());
            }
        } catch (IOException e) {
            leave(1, "cannot take the role lock in " + settings.runDir() + ": " + e.getMessage());
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Stopped while waiting for the role lock", e);
        }
    }

    @Override
    public synchronized void takeOverAhead(Primary.Reason reason) {
        if (!asked && guarded.isPresent()) {
            asked = true;
            thread.execute(() -> leadAhead(reason, guarded.get().pid()));
        }
    }

    private void leadAhead(Primary.Reason reason, long predecessor) {
        // Before the name is changed, which is what the Guardians of the one that leads go by.
        if (!word.reserve()) {
            leaveToAnother();
            return;
        }
        try {
            lock.name(pid);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Who looks for the HAM will not find it: {0}", e.getMessage());
        }
        // Not after the lead is taken up, which lasts until everything that acts is there.
        hands.start("ham-lock", this::takeWhenFree);
        lead(reason, predecessor);
    }

    /** Takes the lock as soon as the kernel has freed it. */
    private void takeWhenFree() {
        try {
            for (var tries = 1; !closed && !lock.take(pid); tries++) {
                if (!word.reserve()) {
                    leaveToAnother();
                    return;
                }
                if (tries == LIMITS.lockTries()) {
                    LOG.log(Level.ERROR, "This process is the HAM, but another one still holds {0}", runDir.lock());
                }
                var pause = tries < LIMITS.lockTries() ? LIMITS.lockPause() : LIMITS.leadPause();
                hands.pause(pause);
            }
        } catch (IOException e) {
            if (!closed) {
                leave(1, "cannot take the role lock in " + settings.runDir() + ": " + e.getMessage());
            }
        }
    }

    private void leaveToAnother() {
        leave(1, "another process leads in " + settings.runDir() + " since this one was stopped for too long");
    }

    private void lead(Primary.Reason reason, long predecessor) {
        if (closed) {
            return;
        }
        leading = true;
        // Outside any lock, as registering runs other bundles' code; and before the log, as a takeover is measured by
        // this.
        var registration = context.registerService(Primary.class, new Marker(reason, predecessor), null);
        marker = registration;
        tellTheRest(registration);
        LOG.log(
                Level.INFO,
                "This process, {0}, is the HAM: {1}, predecessor {2}",
                Long.toString(pid),
                reason,
                Long.toString(predecessor));
    }

    /** The core leads by now, if it was there. */
    private static void tellTheRest(ServiceRegistration<Primary> registration) {
        try {
            registration.setProperties(FrameworkUtil.asDictionary(Map.of(Primary.LED, true)));
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "Stopped while the lead was taken up", e);
        }
    }

    @Override
    public void endAtOnce() {
        word.letGo();
        // Not in order: components that act must not act once more, and what is open here is open over there as well.
        hands.halt();
    }

    /** Ends the framework from a thread of its own, because a component cannot wait for its own end. */
    @Override
    public void leave(int code, String why) {
        LOG.log(code == 0 ? Level.INFO : Level.ERROR, "Leaving: {0}", why);
        // The node's main method, outside the framework, ends the process with these.
        System.setProperty("ham.exit.code", Integer.toString(code));
        System.setProperty("ham.exit.message", why);
        var framework = context.getBundle(0);
        hands.start("ham-leave", () -> {
            try {
                framework.stop();
            } catch (org.osgi.framework.BundleException e) {
                LOG.log(Level.ERROR, "Could not stop the framework", e);
            }
        });
    }

    @Override
    public boolean primary() {
        return leading;
    }

    @Override
    public LeaderWord word() {
        return word;
    }

    @Override
    public Optional<ProcessRef> guarded() {
        return guarded;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public BeatPage page() {
        return page;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public RunDir runDir() {
        return runDir;
    }

    @Deactivate
    void close() throws IOException {
        closed = true;
        hands.end(thread, LIMITS.stop());
        try {
            var registration = marker;
            if (registration != null) {
                registration.unregister();
            }
        } finally {
            leading = false;
            word.release();
            lock.close();
        }
    }

    /** Ends the activation; where it was thrown tells nobody anything, so the log is spared it. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(@Nullable String why) {
            super(why);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private record Marker(Primary.Reason reason, long predecessor) implements Primary {}
}
