package org.ham.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.ham.api.ProcessId;
import org.ham.linux.ExitStatus;
import org.ham.linux.ProcessRef;
import org.jspecify.annotations.Nullable;

/**
 * Processes with numbers that are used again, a monotonic clock that only the scheduler moves and a wall clock that jumps, the
 * role lock and the leader's word. What a dying process holds is freed some time after its threads have gone, as a real kernel
 * does it.
 */
final class SimulatedKernel {
    static final String BOOT = "simulated";

    private static final int FIRST_PID = 100;
    private static final int PIDS = 150;
    private static final long MS = 1_000_000;
    private static final long LONGEST_END = 1_500 * MS;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** The living and the dying by their numbers. */
    final Map<Long, Proc> processes = new LinkedHashMap<>();

    final Word word = new Word(this);
    private final Map<ProcessId, ExitStatus> endings = new HashMap<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::order));
    private final Dice dice;
    private final World world;
    private long mono = 1_000 * MS;
    private long wallOffset;
    private long order;
    private long inode = 1;

    @Nullable
    Proc lockHolder;

    long lockName;

    private record Timer(long due, long order, Runnable what) {}

    SimulatedKernel(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    long mono() {
        return mono;
    }

    Instant wall() {
        return BEGIN.plusNanos(mono + wallOffset);
    }

    /** The wall clock is set. */
    void jump(long nanos) {
        wallOffset += nanos;
    }

    /** Moves the clock, and does what falls due on the way. */
    void advanceTo(long when) {
        while (!timers.isEmpty() && timers.peek().due() <= when) {
            var timer = timers.remove();
            mono = Math.max(mono, timer.due());
            timer.what().run();
        }
        mono = Math.max(mono, when);
    }

    /** When the kernel has something to do, {@link Long#MAX_VALUE} for never. */
    long nextTimer() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.peek().due();
    }

    void later(long nanos, Runnable what) {
        timers.add(new Timer(mono + nanos, order++, what));
    }

    Proc spawn(Map<String, String> environment, long parent) {
        var start = dice.below(PIDS);
        var pid = (long) FIRST_PID + start;
        while (processes.containsKey(pid)) {
            start = (start + 1) % PIDS;
            pid = FIRST_PID + start;
        }
        // The start time counts in hundredths of a second, so that of a number used again is often the same.
        var proc = new Proc(new ProcessRef(pid, mono / (10 * MS), inode++, BOOT), Map.copyOf(environment), parent);
        processes.put(pid, proc);
        return proc;
    }

    /** The process with exactly this identity, while the kernel knows it. */
    Optional<Proc> find(ProcessRef ref) {
        return Optional.ofNullable(processes.get(ref.pid())).filter(p -> p.ref.equals(ref));
    }

    Optional<Proc> find(ProcessId id) {
        return Optional.ofNullable(processes.get(id.pid())).filter(p -> p.id.equals(id));
    }

    /** How a process that is dead ended, as far as the kernel remembers. */
    ExitStatus ending(ProcessId id) {
        return endings.getOrDefault(id, ExitStatus.UNKNOWN);
    }

    /** A process that is no node ends. */
    void end(Proc proc, ExitStatus status) {
        world.lastWords.ends(proc, status);
        proc.life = Proc.Life.DEAD;
        proc.status = status;
        processes.remove(proc.ref.pid());
        endings.put(proc.id, status);
        world.nodes.forEach(node -> node.watches.ended(proc));
    }

    /** The threads of a node are gone; the rest of it follows. */
    void beginToEnd(Proc proc, ExitStatus status) {
        proc.life = Proc.Life.DYING;
        proc.status = status;
        word.threadsGone(proc);
        later(dice.small(LONGEST_END), () -> {
            if (proc == lockHolder) {
                lockHolder = null;
                world.lockFreed();
            }
            end(proc, status);
        });
    }

    boolean lives(long pid) {
        var proc = processes.get(pid);
        return proc != null && proc.life == Proc.Life.RUNS;
    }
}
