package org.ham.detector.process;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.ham.linux.Clocks;
import org.ham.linux.ExitStatus;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Reactor;
import org.ham.linux.Signals;
import org.ham.linux.Urgency;
import org.ham.spi.Host;
import org.ham.spi.RunDirs;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The machine, for the core. Keeps nothing itself: what is watched and every handle of the kernel live in the Linux
 * bundle, so that this one can be updated while processes die. Thread-safe as its interface says.
 */
@Component
public final class ProcessHost implements Host {
    private final Processes processes;
    private final Signals signals;
    private final Reactor reactor;
    private final Clocks clocks;
    private final Starts starts;
    private final OutputFiles outputs;
    private final Urgency urgency;
    private volatile @Nullable Thread raised;

    /** Called by Declarative Services. */
    @Activate
    public ProcessHost(
            @Reference Processes processes,
            @Reference Signals signals,
            @Reference Reactor reactor,
            @Reference Clocks clocks,
            @Reference Urgency urgency,
            BundleContext context) {
        this(new Kernel(processes, signals, reactor, clocks, urgency), logFolder(context), System.getenv());
    }

    ProcessHost(Kernel kernel, Path logFolder, Map<String, String> environment) {
        this.processes = kernel.processes();
        this.signals = kernel.signals();
        this.reactor = kernel.reactor();
        this.clocks = kernel.clocks();
        this.urgency = kernel.urgency();
        this.starts = new Starts(environment);
        this.outputs = new OutputFiles(logFolder);
    }

    /** The parts of the operating system this host stands on. Immutable. */
    record Kernel(Processes processes, Signals signals, Reactor reactor, Clocks clocks, Urgency urgency) {}

    private static Path logFolder(BundleContext context) {
        return RunDirs.of(context::getProperty, System.getenv()).resolve("log");
    }

    @Override
    public void check(StartSpec spec) {
        // The default output is ours and always possible; one that is given is checked.
        Optional<Path> output = spec.output().map(text -> outputs.prepare("", Optional.of(text)));
        act(() -> processes.check(starts.of(spec, Map.of(), output)));
    }

    @Override
    public ProcessId start(String name, StartSpec spec, Map<String, String> environment) {
        Path output = outputs.prepare(name, spec.output());
        return Failures.translated(() -> id(processes.spawn(starts.of(spec, environment, Optional.of(output)))));
    }

    @Override
    public ProcessId identify(long pid) {
        return Failures.translated(() -> id(processes.identify(pid)));
    }

    @Override
    public Optional<ProcessId> find(String invocation) {
        return Failures.translated(() ->
                processes.findByEnvironment("HAM_INVOCATION_ID", invocation).map(ProcessHost::id));
    }

    @Override
    public Optional<ProcessId> findStart(String entity, String invocation) {
        var variables = Map.of("HAM_ENTITY", entity, "HAM_INVOCATION_ID", invocation);
        return Failures.translated(() -> processes.findByEnvironment(variables).map(ProcessHost::id));
    }

    @Override
    public Optional<ProcessId> find(String entity, String runDir) {
        var variables = Map.of("HAM_ENTITY", entity, "HAM_RUN_DIR", runDir);
        return Failures.translated(() -> processes.findByEnvironment(variables).map(ProcessHost::id));
    }

    @Override
    public boolean isAlive(ProcessId process) {
        return Failures.translated(() -> processes.isAlive(ref(process)));
    }

    @Override
    public void watch(ProcessId process, Consumer<ExitReason> listener) {
        act(() -> processes.watch(ref(process), status -> listener.accept(reason(status))));
    }

    @Override
    public void unwatch(ProcessId process) {
        processes.unwatch(ref(process));
    }

    @Override
    public void signal(ProcessId process, int signal) {
        act(() -> signals.send(ref(process), signal));
    }

    @Override
    public void await(long nanos) {
        // The thread that waits here is the one that recovers.
        if (!Thread.currentThread().equals(raised)) {
            raised = Thread.currentThread();
            urgency.raiseThisThread();
        }
        reactor.await(nanos);
    }

    @Override
    public void wake() {
        reactor.wake();
    }

    @Override
    public long monotonic() {
        return clocks.monotonic();
    }

    @Override
    public Instant now() {
        return clocks.now();
    }

    private static void act(Runnable call) {
        Failures.translated(() -> {
            call.run();
            return true;
        });
    }

    private static ProcessId id(ProcessRef process) {
        return new ProcessId(process.pid(), process.startTime(), process.inode(), process.bootId());
    }

    private static ProcessRef ref(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }

    private static ExitReason reason(ExitStatus status) {
        return switch (status.kind()) {
            case EXITED -> ExitReason.exited(status.value());
            case SIGNALLED -> ExitReason.signalled(Signals.name(status.value()), status.core());
            case UNKNOWN -> ExitReason.UNKNOWN;
        };
    }
}
