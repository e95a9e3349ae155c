package org.ham.action.notify.signal;

import java.time.Duration;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.ProcessId;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Awaited;
import org.ham.spi.Invocation;
import org.ham.spi.Nodes;
import org.ham.spi.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Sends a signal, with a value if one is given, to the entity's process or to another one; to its whole process group if
 * asked to. The process may be on another node ({@code ham_action_notify_signal_node}). Fails when the target is gone. At least once: a takeover in that moment can send it twice. Thread-safe.
 */
@Component(service = ActionType.class)
public final class NotifySignal implements Action<Parameters> {
    private final Processes processes;
    private final Signals signals;
    private final Awaited<Nodes> nodes;

    /** Made by Declarative Services. It is there in both roles; signals are sent by the HAM only. */
    @Activate
    public NotifySignal(@Reference Processes processes, @Reference Signals signals) {
        this(processes, signals, Duration.ofSeconds(8));
    }

    /** @param patience how long to wait for the way to other nodes: a core that has just come goes on before others are there */
    NotifySignal(Processes processes, Signals signals, Duration patience) {
        this.processes = processes;
        this.signals = signals;
        nodes = new Awaited<>(patience);
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
        return "notify-signal";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Outcome run(Invocation<Parameters> invocation) throws InterruptedException {
        var node = invocation.parameters().node();
        return node.isPresent() ? elsewhere(node.get(), invocation) : here(invocation);
    }

    private Outcome elsewhere(String node, Invocation<Parameters> invocation) throws InterruptedException {
        var asked = invocation.parameters();
        var name = Signals.name(Signals.number(asked.signal()));
        var pid = asked.pid().orElseThrow();
        var group = asked.group().orElse(false);
        var where = "process " + pid + " on node '" + node + "'";
        try {
            nodes.get()
                    .orElseThrow(() -> new HamException(Code.LIMIT, "the bundle for nodes is not there"))
                    .signal(node, pid, new Nodes.Signal(name, asked.value(), group), invocation.id());
            return Outcome.done("sent " + name + " to " + (group ? "the group of " : "") + where);
        } catch (HamException e) {
            return Outcome.failed(name + " not sent to " + where + ": " + e.getMessage());
        }
    }

    private Outcome here(Invocation<Parameters> invocation) {
        var asked = invocation.parameters();
        var number = Signals.number(asked.signal());
        var name = Signals.name(number);
        try {
            var target = asked.pid()
                    .map(processes::identify)
                    .or(() -> invocation.process().map(NotifySignal::reference));
            if (target.isEmpty()) {
                return Outcome.failed(name + " not sent: entity '" + invocation.entity() + "' has no process");
            }
            send(target.get(), number, asked);
            var group = asked.group().orElse(false) ? "the group of " : "";
            return Outcome.done(
                    "sent " + name + " to " + group + "process " + target.get().pid());
        } catch (LinuxException e) {
            var pid = asked.pid()
                    .or(() -> invocation.process().map(ProcessId::pid))
                    .orElse(0L);
            return Outcome.failed(name + " not sent to process " + pid + ": " + e.getMessage());
        }
    }

    private void send(ProcessRef target, int number, Parameters asked) {
        if (asked.group().orElse(false)) {
            signals.sendToGroup(target, number);
        } else if (asked.value().isPresent()) {
            signals.send(target, number, asked.value().get());
        } else {
            signals.send(target, number);
        }
    }

    private static ProcessRef reference(ProcessId process) {
        return new ProcessRef(process.pid(), process.startTime(), process.inode(), process.boot());
    }
}
