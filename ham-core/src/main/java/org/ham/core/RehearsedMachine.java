package org.ham.core;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.spi.Host;

/** A machine that is nothing but its clock: processes are numbers, and die when they are told to. Confined to one thread. */
final class RehearsedMachine implements Host {
    private final Host clock;
    private final Map<ProcessId, Consumer<ExitReason>> watched = new HashMap<>();
    private int starts;

    RehearsedMachine(Host clock) {
        this.clock = clock;
    }

    /** Every process that is watched dies. */
    void killAll() {
        var victims = List.copyOf(watched.values());
        watched.clear();
        victims.forEach(listener -> listener.accept(ExitReason.signalled("SIGKILL", false)));
    }

    /** How many processes were started. */
    int starts() {
        return starts;
    }

    @Override
    public void check(StartSpec spec) {
        // Everything can be started here.
    }

    @Override
    public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
        return identify(++starts);
    }

    @Override
    public ProcessId identify(long pid) {
        return new ProcessId(pid, pid, pid, "rehearsal");
    }

    @Override
    public Optional<ProcessId> find(String invocation) {
        return Optional.empty();
    }

    @Override
    public Optional<ProcessId> find(String entity, String runDir) {
        return Optional.empty();
    }

    @Override
    public boolean isAlive(ProcessId process) {
        return watched.containsKey(process);
    }

    @Override
    public void watch(ProcessId process, Consumer<ExitReason> listener) {
        watched.put(process, listener);
    }

    @Override
    public void unwatch(ProcessId process) {
        watched.remove(process);
    }

    @Override
    public void signal(ProcessId process, int signal) {
        // Nobody is there to hear it.
    }

    @Override
    public void await(long nanos) {
        // Nothing comes by itself.
    }

    @Override
    public void wake() {
        // Nobody waits.
    }

    @Override
    public long monotonic() {
        return clock.monotonic();
    }

    @Override
    public Instant now() {
        return clock.now();
    }
}
