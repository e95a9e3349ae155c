package org.ham.action.notify.signal;

import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.NodeName;
import org.ham.linux.Signals;

/**
 * What {@code notify-signal} can be told. Immutable.
 *
 * @param signal the signal's name, such as {@code SIGUSR1}, {@code USR1} or {@code SIGRTMIN+3}, or its number
 * @param pid the process to signal, looked up when the action runs; the entity's when empty
 * @param value goes along with the signal, as {@code sigqueue(3)} does it
 * @param group whether to signal the whole process group that the process leads; no when empty
 * @param node where the process is; here when empty
 */
public record Parameters(
        String signal, Optional<Long> pid, Optional<Integer> value, Optional<Boolean> group, Optional<String> node) {
    /** Refuses an unknown signal, an impossible pid, and a value for a group, which the kernel cannot deliver. */
    public Parameters {
        try {
            Signals.number(signal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("signal: " + e.getMessage(), e);
        }
        if (pid.isPresent() && (pid.get() < 1 || pid.get() > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("pid: " + pid.get() + " is not a process");
        }
        node.ifPresent(Parameters::requireNode);
        if (node.isPresent() && pid.isEmpty()) {
            throw new IllegalArgumentException("pid: missing; which process of node '" + node.get() + "'?");
        }
        if (value.isPresent() && group.orElse(false)) {
            throw new IllegalArgumentException("value: cannot be sent to a process group; leave out value or group");
        }
    }

    /** A process on this machine. */
    Parameters(String signal, Optional<Long> pid, Optional<Integer> value, Optional<Boolean> group) {
        this(signal, pid, value, group, Optional.empty());
    }

    private static void requireNode(String node) {
        try {
            NodeName.require(node);
        } catch (HamException e) {
            throw new IllegalArgumentException("node: " + e.getMessage(), e);
        }
    }
}
