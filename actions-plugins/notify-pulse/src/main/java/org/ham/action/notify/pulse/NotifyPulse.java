package org.ham.action.notify.pulse;

import java.time.Duration;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Awaited;
import org.ham.spi.Invocation;
import org.ham.spi.Nodes;
import org.ham.spi.Outcome;
import org.ham.spi.Pulses;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Sends a pulse with a fixed code and value to a channel that a program has open ({@code ham_action_notify_pulse}). The event that
 * made the condition true comes along. The program may be on another node ({@code ham_action_notify_pulse_node}). Succeeds when the program has taken it; fails when the program or its channel is gone. At least
 * once: after a takeover it can come again, with the same id. Thread-safe.
 */
@Component(service = ActionType.class)
public final class NotifyPulse implements Action<Parameters> {
    /** For a program that is connecting again after a takeover, and for it to take the pulse. */
    static final Duration WITHIN = Duration.ofSeconds(20);

    private final Awaited<Pulses> pulses;
    private final Awaited<Nodes> nodes;

    /** Made by Declarative Services. It is there in both roles; pulses are sent by the HAM only. */
    @Activate
    public NotifyPulse() {
        this(Duration.ofSeconds(8));
    }

    /** @param patience how long to wait for somebody who delivers pulses: a core that has just come goes on before others are there */
    NotifyPulse(Duration patience) {
        pulses = new Awaited<>(patience);
        nodes = new Awaited<>(patience);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPulses(Pulses fresh) {
        pulses.bind(fresh);
    }

    void unbindPulses(Pulses old) {
        pulses.unbind(old);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindNodes(Nodes fresh) {
        nodes.bind(fresh);
    }

    void unbindNodes(Nodes old) {
        nodes.unbind(old);
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
        var channel = asked.channel().orElse(1);
        var where = "channel " + channel + " of process " + pid.get()
                + asked.node().map(node -> " on node '" + node + "'").orElse("");
        var pulse = new Pulse(
                asked.code().orElse(0),
                asked.value().orElse(0),
                invocation.id(),
                invocation.path(),
                invocation.event());
        try {
            if (asked.node().isPresent()) {
                deliverer(nodes, "the bundle for nodes is not there")
                        .pulse(asked.node().get(), pid.get(), channel, pulse);
            } else {
                deliverer(pulses, "nobody delivers pulses, the core is being replaced")
                        .send(pid.get(), channel, pulse, WITHIN);
            }
            return Outcome.done("sent pulse " + pulse.code() + " to " + where);
        } catch (HamException e) {
            return Outcome.failed("no pulse sent to " + where + ": " + e.getMessage());
        }
    }

    private static <T> T deliverer(Awaited<T> service, String missing) throws InterruptedException {
        return service.get().orElseThrow(() -> new HamException(Code.LIMIT, missing));
    }
}
