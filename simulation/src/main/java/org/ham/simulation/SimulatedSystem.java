package org.ham.simulation;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.linux.ExitStatus;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.linux.RobustFutexes;
import org.ham.linux.SharedPage;
import org.ham.linux.Signals;
import org.ham.linux.Spawn;
import org.ham.simulation.Word.Watcher;

/** The machine as the guardian bundle of one node sees it. */
final class SimulatedSystem implements Processes, Signals, RobustFutexes, Reactor {
    private static final int ESRCH = 3;
    private static final int EAGAIN = 11;
    private static final int SIGKILL = 9;

    private final Node node;
    private final World world;

    SimulatedSystem(Node node) {
        this.node = node;
        this.world = node.world;
    }

    // ---- processes ----

    @Override
    public void check(Spawn spawn) {
        // Whether it can be started is seen when it is.
    }

    @Override
    public ProcessRef spawn(Spawn spawn) {
        node.touch("spawn guardian");
        if (world.faults.spawnFails()) {
            throw new LinuxException("cannot start a node now", EAGAIN);
        }
        var guarded = spawn.environment().getOrDefault("HAM_GUARDIAN_OF", "0");
        var own = new HashMap<>(spawn.environment());
        own.keySet().removeIf(name -> !name.startsWith("HAM_"));
        var proc = world.kernel.spawn(own, node.proc.ref.pid());
        var program = Path.of(spawn.command().getFirst());
        world.boot(proc, Long.parseLong(guarded), program.resolve("../..").normalize());
        node.touch("spawned guardian");
        return proc.ref;
    }

    @Override
    public ProcessRef self() {
        return node.proc.ref;
    }

    @Override
    public ProcessRef identify(long pid) {
        var proc = world.kernel.processes.get(pid);
        if (proc == null) {
            throw new LinuxException("no process " + pid, ESRCH);
        }
        return proc.ref;
    }

    @Override
    public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
        return world.kernel.processes.values().stream()
                .filter(p ->
                        p.life == Proc.Life.RUNS && p.environment.entrySet().containsAll(variables.entrySet()))
                .map(p -> p.ref)
                .findFirst();
    }

    @Override
    public boolean isAlive(ProcessRef process) {
        return world.kernel.find(process).isPresent();
    }

    @Override
    public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        node.watches.watch(process, listener);
    }

    @Override
    public void unwatch(ProcessRef process) {
        node.watches.unwatch(process);
    }

    @Override
    public int watched() {
        return node.watches.all().size();
    }

    // ---- signals ----

    @Override
    public void send(ProcessRef process, int signal) {
        node.touch("signal");
        var proc =
                world.kernel.find(process).orElseThrow(() -> new LinuxException("no process " + process.pid(), ESRCH));
        world.trace.add(node + " sends signal " + signal + " to " + proc);
        var target = proc.node;
        if (target == node) {
            world.fail("NothingThrows", node + " ends itself by a signal");
        }
        if (target == null) {
            // It has not come to be a node yet, and will not.
            world.kernel.end(proc, ExitStatus.signalled(signal, false));
        } else if (proc.life == Proc.Life.RUNS) {
            if (signal == SIGKILL) {
                target.kill(ExitStatus.signalled(SIGKILL, false));
            } else {
                target.jobs.start("leave", target::leave);
            }
        }
    }

    @Override
    public void send(ProcessRef process, int signal, int value) {
        send(process, signal);
    }

    @Override
    public void sendToGroup(ProcessRef leader, int signal) {
        send(leader, signal);
    }

    // ---- the word ----

    @Override
    public AutoCloseable hold(SharedPage page, long offset) {
        return holdOnThisThread(page, offset);
    }

    @Override
    public Hold holdOnThisThread(SharedPage page, long offset) {
        world.kernel.word.hold(node.proc);
        return new Hold() {
            @Override
            public void close() {
                letGo();
            }

            @Override
            public void closeMarked() {
                if (world.kernel.word.holder == node.proc) {
                    world.kernel.word.mark(node.proc);
                }
            }
        };
    }

    private void letGo() {
        if (node.leads() && node.state().successor() != 0) {
            // Between the journal, which names who leads next, and the word others may go on.
            world.scheduler.others(node, world.dice.small(20_000_000));
            if (node.dead) {
                throw new NodeDeath();
            }
        }
        var word = world.kernel.word;
        if (word.holder == node.proc && word.told) {
            word.free();
        }
    }

    @Override
    public void release(SharedPage page, long offset) {
        var word = world.kernel.word;
        if (word.holder == node.proc && !word.told) {
            word.free();
        }
    }

    @Override
    public Optional<Hold> claimOnThisThread(SharedPage page, long offset) {
        node.touch("claim");
        return world.kernel.word.orphaned ? Optional.of(holdOnThisThread(page, offset)) : Optional.empty();
    }

    @Override
    public boolean reserve(SharedPage page, long offset) {
        var word = world.kernel.word;
        if (word.isOthers(node.proc)) {
            return false;
        }
        if (word.holder != node.proc) {
            word.mark(node.proc);
        }
        return true;
    }

    @Override
    public void seize(SharedPage page, long offset) {
        if (world.kernel.word.isOthers(node.proc)) {
            // It had the lock again and again while that one did not come to take it, and counts as stopped.
            world.lockStolen = true;
            world.faults.twoInOneFolder = true;
            world.count("leads seized");
        }
        world.kernel.word.mark(node.proc);
    }

    @Override
    public AutoCloseable onHolderDeath(SharedPage page, long offset, Runnable callback) {
        var watcher = new Watcher(node, callback);
        world.kernel.word.watch(watcher);
        return () -> world.kernel.word.unwatch(watcher);
    }

    // ---- the loop's wait ----

    @Override
    public void await(long nanos) {
        throw new UnsupportedOperationException("the core waits through its host");
    }

    @Override
    public void wake() {
        node.wake();
    }

    @Override
    public AutoCloseable onReadable(int fd, Runnable callback) {
        throw new UnsupportedOperationException("there are no descriptors");
    }
}
