package org.ham.action.notify.signal;

import org.ham.api.ProcessId;
import org.ham.linux.LinuxException;
import org.ham.linux.ProcessRef;
import org.ham.linux.Processes;
import org.ham.linux.Signals;
import org.ham.spi.Action;
import org.ham.spi.ActionType;
import org.ham.spi.Invocation;
import org.ham.spi.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Sends a signal, with a value if one is given, to the entity's process or to another one; to its whole process group if
 * asked to. Fails when the target is gone. At least once: a takeover in that moment can send it twice. Thread-safe.
 */
@Component(service = ActionType.class)
public final class NotifySignal implements Action<Parameters> {
    private final Processes processes;
    private final Signals signals;

    /** Sends signals on this machine. */
    @Activate
    public NotifySignal(@Reference Processes processes, @Reference Signals signals) {
        this.processes = processes;
        this.signals = signals;
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
    public Outcome run(Invocation<Parameters> invocation) {
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
