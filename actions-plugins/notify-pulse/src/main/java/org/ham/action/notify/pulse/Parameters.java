package org.ham.action.notify.pulse;

import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.NodeName;

/**
 * What {@code notify-pulse} can be told. Immutable.
 *
 * @param pid the program to notify; the entity's process when empty
 * @param channel the number of the program's channel; 1 when empty, the first a program opens
 * @param code goes along with the pulse, for the program to tell its pulses apart; 0 when empty
 * @param value goes along with the pulse; 0 when empty
 * @param node where the program is; here when empty
 */
public record Parameters(
        Optional<Long> pid,
        Optional<Integer> channel,
        Optional<Integer> code,
        Optional<Integer> value,
        Optional<String> node) {
    /** Refuses what can be no process, no channel and no node; a process elsewhere is none of an entity here. */
    public Parameters {
        if (pid.isPresent() && (pid.get() < 1 || pid.get() > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("pid: " + pid.get() + " is not a process");
        }
        node.ifPresent(Parameters::requireNode);
        if (node.isPresent() && pid.isEmpty()) {
            throw new IllegalArgumentException("pid: missing; which process of node '" + node.get() + "'?");
        }
        if (channel.isPresent() && channel.get() < 1) {
            throw new IllegalArgumentException(
                    "channel: " + channel.get() + " is no channel; they are numbered from 1");
        }
    }

    /** A program on this machine. */
    Parameters(Optional<Long> pid, Optional<Integer> channel, Optional<Integer> code, Optional<Integer> value) {
        this(pid, channel, code, value, Optional.empty());
    }

    private static void requireNode(String node) {
        try {
            NodeName.require(node);
        } catch (HamException e) {
            throw new IllegalArgumentException("node: " + e.getMessage(), e);
        }
    }
}
