package org.ham.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.spi.Host;

/** Remembers the signals it was to send; every process started at tick 7 unless told otherwise. Thread-safe. */
final class RecordingHost implements Host {
    /** What it says the time is. */
    volatile LongSupplier clock = System::nanoTime;

    private final List<String> signals = new ArrayList<>();
    private long startTime = 7;

    synchronized List<String> signals() {
        return List.copyOf(signals);
    }

    synchronized void startTime(long ticks) {
        startTime = ticks;
    }

    @Override
    public synchronized ProcessId identify(long pid) {
        return new ProcessId(pid, startTime, 1, "boot");
    }

    @Override
    public synchronized void signal(ProcessId process, int signal) {
        signals.add(signal + " to " + process);
    }

    @Override
    public void check(StartSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ProcessId> find(String invocation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ProcessId> find(String entity, String runDir) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAlive(ProcessId process) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void watch(ProcessId process, Consumer<ExitReason> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unwatch(ProcessId process) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void await(long nanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void wake() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long monotonic() {
        return clock.getAsLong();
    }

    @Override
    public Instant now() {
        throw new UnsupportedOperationException();
    }
}
