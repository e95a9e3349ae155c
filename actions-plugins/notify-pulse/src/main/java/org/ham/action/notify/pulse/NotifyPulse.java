package org.ham.action.notify.pulse;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.api.HamException;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.ham.spi.Pulses;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Sends a pulse with a fixed code and value to a channel that a program has open ({@code ham_action_notify_pulse}). The event that
 * made the condition true comes along. Succeeds when the program has taken it; fails when the program or its channel is gone. At least
 * once: after a takeover it can come again, with the same id. Thread-safe.
 */
@Component(service = ActionType.class)
public final class NotifyPulse implements Action<Parameters> {
    /** For a program that is connecting again after a takeover, and for it to take the pulse. */
    static final Duration WITHIN = Duration.ofSeconds(20);

    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition bound = lock.newCondition();
    private @Nullable Pulses pulses;

    /** Made by Declarative Services. It is there in both roles; pulses are sent by the HAM only. */
    @Activate
    public NotifyPulse() {
        this(Duration.ofSeconds(8));
    }

    /** @param patience how long to wait for somebody who delivers pulses: a core that has just come goes on before others are there */
    NotifyPulse(Duration patience) {
        this.patience = patience;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPulses(Pulses fresh) {
        lock.lock();
        try {
            pulses = fresh;
            bound.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void unbindPulses(Pulses old) {
        lock.lock();
        try {
            // The next one may be bound already.
            if (pulses == old) {
                pulses = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Pulses await() throws InterruptedException {
        var left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (pulses == null && left > 0) {
                left = bound.awaitNanos(left);
            }
            return pulses;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return "notify-pulse";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws InterruptedException {
        var asked = invocation.parameters();
        var pid = asked.pid().or(() -> invocation.process().map(ProcessId::pid));
        if (pid.isEmpty()) {
            return Outcome.failed("no pulse sent: entity '" + invocation.entity() + "' has no process");
        }
        var sender = await();
        if (sender == null) {
            return Outcome.failed("no pulse sent: nobody delivers pulses, the core is being replaced");
        }
        var channel = asked.channel().orElse(1);
        var pulse = new Pulse(
                asked.code().orElse(0),
                asked.value().orElse(0),
                invocation.id(),
                invocation.path(),
                invocation.event());
        try {
            sender.send(pid.get(), channel, pulse, WITHIN);
            return Outcome.done("sent pulse " + pulse.code() + " to channel " + channel + " of process " + pid.get());
        } catch (HamException e) {
            return Outcome.failed(
                    "no pulse sent to channel " + channel + " of process " + pid.get() + ": " + e.getMessage());
        }
    }
}
