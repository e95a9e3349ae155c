package org.ham.simulation;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.spi.Host;

/** A machine of which nothing is seen, for who only folds. */
final class BlindHost implements Host {
    @Override
    public void check(StartSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProcessId identify(long pid) {
        throw new UnsupportedOperationException();
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
        return true;
    }

    @Override
    public void watch(ProcessId process, Consumer<ExitReason> listener) {
        // Nothing is seen.
    }

    @Override
    public void unwatch(ProcessId process) {
        // Nothing was seen.
    }

    @Override
    public void signal(ProcessId process, int signal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void await(long nanos) {
        // Nothing comes.
    }

    @Override
    public void wake() {
        // Nobody waits.
    }

    @Override
    public long monotonic() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }
}
