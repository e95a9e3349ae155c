package org.ham.simulation;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.ExitReason;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.linux.ProcessRef;
import org.ham.spi.Host;

/** The machine as the core of one node sees it. Each call is a point at which the node may die, before and after it. */
final class SimulatedHost implements Host {
    private final Node node;
    private final World world;

    SimulatedHost(Node node) {
        this.node = node;
        this.world = node.world;
    }

    @Override
    public void check(StartSpec spec) {
        // Whether it can be started is seen when it is.
    }

    @Override
    public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
        node.touch("spawn");
        if (world.faults.spawnFails()) {
            throw new HamException(HamException.Code.FAILED, "cannot start '" + name + "' now");
        }
        var proc = world.kernel.spawn(new HashMap<>(environment), node.proc.ref.pid());
        if (!node.serves() && !node.usurped) {
            // It is in the middle of taking up the lead.
            world.putOut(node);
        }
        world.spawned(node, proc);
        node.touch("spawned");
        return proc.id;
    }

    @Override
    public ProcessId identify(long pid) {
        var proc = world.kernel.processes.get(pid);
        if (proc == null) {
            throw new HamException(HamException.Code.NOT_FOUND, "no process " + pid);
        }
        return proc.id;
    }

    @Override
    public Optional<ProcessId> find(String invocation) {
        node.touch("find");
        return find(Map.of("HAM_INVOCATION_ID", invocation));
    }

    @Override
    public Optional<ProcessId> findStart(String entity, String invocation) {
        node.touch("find");
        return find(Map.of("HAM_ENTITY", entity, "HAM_INVOCATION_ID", invocation));
    }

    @Override
    public Optional<ProcessId> find(String entity, String runDir) {
        node.touch("find");
        return find(Map.of("HAM_ENTITY", entity, "HAM_RUN_DIR", runDir));
    }

    private Optional<ProcessId> find(Map<String, String> variables) {
        return world.kernel.processes.values().stream()
                .filter(p ->
                        p.life == Proc.Life.RUNS && p.environment.entrySet().containsAll(variables.entrySet()))
                .map(p -> p.id)
                .findFirst();
    }

    @Override
    public boolean isAlive(ProcessId process) {
        return world.kernel.find(process).isPresent();
    }

    @Override
    public void watch(ProcessId process, Consumer<ExitReason> listener) {
        node.touch("watch");
        node.watches.watch(ref(process), status -> listener.accept(Proc.reason(status)));
    }

    @Override
    public void unwatch(ProcessId process) {
        node.touch("unwatch");
        node.watches.unwatch(ref(process));
    }

    private static ProcessRef ref(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }

    @Override
    public void signal(ProcessId process, int signal) {
        throw new UnsupportedOperationException("the core sends no signals");
    }

    @Override
    public void await(long nanos) {
        node.waits(nanos);
    }

    @Override
    public void wake() {
        node.wake();
    }

    @Override
    public long monotonic() {
        return world.kernel.mono();
    }

    @Override
    public Instant now() {
        return world.kernel.wall();
    }
}
