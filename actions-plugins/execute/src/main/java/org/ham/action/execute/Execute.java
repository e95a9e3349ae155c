package org.ham.action.execute;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Host;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Starts a command. It succeeds when the command was started or, with {@code within}, when it left with code 0 in that
 * time; what runs longer is killed. At least once: after a takeover the command that still runs is waited for, one that
 * left no trace is started again, with the same {@code HAM_INVOCATION_ID}. Thread-safe.
 */
@Component(service = ActionType.class)
public final class Execute implements Action<Parameters> {
    private static final int SIGKILL = 9;

    private final Host host;

    /** Starts commands on this host. */
    @Activate
    public Execute(@Reference Host host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "execute";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Duration deadline(Parameters parameters) {
        return parameters.within().orElse(Duration.ZERO).plusSeconds(10);
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws InterruptedException {
        var process = host.start(invocation.entity(), invocation.parameters().start(), Environment.of(invocation));
        return outcome(process, invocation.parameters());
    }

    @Override
    public Outcome resume(Invocation<Parameters> invocation) throws InterruptedException {
        var running = host.find(invocation.id());
        return running.isPresent() ? outcome(running.get(), invocation.parameters()) : run(invocation);
    }

    private Outcome outcome(ProcessId process, Parameters asked) throws InterruptedException {
        if (asked.within().isEmpty()) {
            return Outcome.done("started process " + process);
        }
        var within = asked.within().get();
        var ended = new ArrayBlockingQueue<ExitReason>(1);
        host.watch(process, ended::offer);
        try {
            var reason = ended.poll(within.toNanos(), TimeUnit.NANOSECONDS);
            if (reason == null) {
                host.signal(process, SIGKILL);
                return Outcome.failed("process " + process + " killed: not done within " + within.toMillis() + "ms");
            }
            return new Outcome(reason.equals(ExitReason.exited(0)), "process " + process + " " + reason);
        } finally {
            host.unwatch(process);
        }
    }
}
