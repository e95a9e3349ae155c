package org.ham.guardian;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import org.ham.api.Actor;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.linux.RobustFutexes;
import org.ham.linux.SharedPage;
import org.ham.linux.Signals;
import org.ham.spi.Mirror;
import org.ham.spi.Primary;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** The real guardian bundle of one simulated process, without its threads. Confined to one thread. */
public final class SimulatedGuard {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration HANG_AFTER = Duration.ofSeconds(3);

    private final Machine machine;
    private final Work work;
    private final RoleKeeper role;
    private @Nullable Standby standby;
    private @Nullable Heart heart;
    private @Nullable GuardianKeeper keeper;
    private @Nullable Upgrader upgrader;

    /** The role lock as one process sees it. */
    public interface Lock {
        /** Takes it and names the process; whether that was possible. */
        boolean take(long pid);

        /** Names a process. */
        void name(long pid);

        /** Who is named; 0 for nobody. */
        long named();

        /** Whether this process has it. */
        boolean held();

        /** Lets it go. */
        void release();
    }

    /** What carries out what takes its time. */
    public interface Work {
        /** An executor that runs one thing after the other. */
        ScheduledExecutorService one(String name);

        /** Runs something beside everything else. */
        void start(String name, Runnable what);

        /** Lets others run for so long. */
        void pause(long nanos);

        /** Ends the process; does not return. */
        void halt();
    }

    /** Whether all of a process came up. */
    public interface Wholeness {
        /** What did not. */
        List<String> missing();

        /** Whether it could take over. */
        boolean mayBeReady();
    }

    /**
     * The machine as one process sees it.
     *
     * @param context as much of a framework as the parts touch
     * @param guardianOf the process that asked this one to be its Guardian, 0 for nobody
     * @param otherLine whether it is to beat in the other of the two lines for those that stand by
     * @param candidate whether it is to lead soon
     * @param distribution the folder that it comes from
     * @param wholeness whether all of it came up
     */
    public record Machine(
            BundleContext context,
            Processes processes,
            Signals signals,
            RobustFutexes futexes,
            Reactor reactor,
            SharedPage page,
            Lock lock,
            Path runDir,
            long guardianOf,
            boolean otherLine,
            boolean candidate,
            Path distribution,
            Wholeness wholeness) {}

    /**
     * Takes the role this process finds for itself.
     *
     * @throws IOException when there is none
     */
    public SimulatedGuard(Machine machine, Work work) throws IOException {
        this.machine = machine;
        this.work = work;
        var settings = new Settings(
                machine.runDir(),
                BEAT,
                HANG_AFTER,
                HANG_AFTER,
                List.of(machine.distribution().resolve("bin/ham-node").toString()),
                machine.guardianOf() == 0 ? OptionalLong.empty() : OptionalLong.of(machine.guardianOf()),
                machine.otherLine() ? BeatPage.Line.OTHER_GUARDIAN : BeatPage.Line.GUARDIAN,
                machine.candidate());
        var place = new Place(
                settings, new RunDir(machine.runDir()), BeatPage.over(machine.page()), new SeenLock(machine.lock()));
        role = new RoleKeeper(
                machine.context(), machine.processes(), machine.futexes(), () -> place, new WorkedHands(work));
    }

    private record WorkedHands(Work work) implements Hands {
        @Override
        public ScheduledExecutorService one(String name) {
            return work.one(name);
        }

        @Override
        public void end(ScheduledExecutorService executor, Duration limit) {
            executor.shutdown();
        }

        @Override
        public void start(String name, Runnable what) {
            work.start(name, what);
        }

        @Override
        public void pause(Duration time) {
            work.pause(time.toNanos());
        }

        @Override
        public void halt() {
            work.halt();
        }
    }

    private record SeenLock(Lock lock) implements RoleLock {
        @Override
        public boolean take(long pid) {
            return lock.take(pid);
        }

        @Override
        public void name(long pid) {
            lock.name(pid);
        }

        @Override
        public OptionalLong holder() {
            return lock.named() == 0 ? OptionalLong.empty() : OptionalLong.of(lock.named());
        }

        @Override
        public boolean held() {
            return lock.held();
        }

        @Override
        public void release() {
            lock.release();
        }

        @Override
        public void close() {
            lock.release();
        }
    }

    /** A core has come: begins to beat and, in a Guardian, to watch the HAM. */
    public void begin(Mirror mirror) {
        heart = new Heart(machine.context(), role, mirror, new SeenWholeness(machine.wholeness()));
        standby =
                new Standby(machine.context(), role, mirror, machine.processes(), machine.signals(), machine.reactor());
    }

    /** The core leads: keeps a Guardian, and goes on with an upgrade. */
    public void keep(Mirror mirror, Primary primary) {
        if (keeper != null) {
            return;
        }
        keeper = new GuardianKeeper(
                primary,
                machine.context(),
                role,
                mirror,
                machine.processes(),
                machine.signals(),
                new WorkedHands(work));
        upgrader = new Upgrader(
                primary,
                machine.context(),
                role,
                mirror,
                machine.processes(),
                machine.signals(),
                keeper,
                new SeenWholeness(machine.wholeness()),
                new WorkedHands(work));
    }

    private record SeenWholeness(Wholeness wholeness) implements Completeness {
        @Override
        public List<String> missing() {
            return wholeness.missing();
        }

        @Override
        public boolean mayBeReady() {
            return wholeness.mayBeReady();
        }
    }

    /**
     * Somebody has both processes replaced by those of a distribution; nothing happens where no core leads.
     *
     * @throws org.ham.api.HamException when that is not possible now
     */
    public void upgrade(Path distribution) {
        if (upgrader != null) {
            upgrader.begin(
                    new Distribution(machine.distribution()),
                    new Distribution(distribution),
                    Optional.empty(),
                    List.of(),
                    Actor.part("client"));
        }
    }

    /** The core leads no more. */
    public void keepNoMore() {
        if (upgrader != null) {
            upgrader.close();
            upgrader = null;
        }
        if (keeper != null) {
            keeper.close();
            keeper = null;
        }
    }

    /** The core goes. */
    public void end() {
        keepNoMore();
        if (standby != null) {
            standby.close();
            standby = null;
        }
        if (heart != null) {
            heart.close();
            heart = null;
        }
    }

    /** Whether this process is the HAM. */
    public boolean primary() {
        return role.primary();
    }

    /** The process it stands by for, 0 when it does not. */
    public long guarded() {
        return role.guarded().map(ham -> ham.pid()).orElse(0L);
    }

    /** The process ends in order. */
    public void close() {
        end();
        try {
            role.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Forgets which Guardian there was in a folder. */
    public static void clear(Path runDir) {
        try {
            new RunDir(runDir).forgetGuardian();
        } catch (IOException e) {
            throw new IllegalStateException("cannot clear " + runDir, e);
        }
    }
}
