package org.ham.action.notify.pulse;

import java.util.Optional;

/**
 * What {@code notify-pulse} can be told. Immutable.
 *
 * @param pid the program to notify; the entity's process when empty
 * @param channel the number of the program's channel; 1 when empty, the first a program opens
 * @param code goes along with the pulse, for the program to tell its pulses apart; 0 when empty
 * @param value goes along with the pulse; 0 when empty
 */
public record Parameters(
        Optional<Long> pid, Optional<Integer> channel, Optional<Integer> code, Optional<Integer> value) {
    /** Refuses what can be no process and no channel. */
    public Parameters {
        if (pid.isPresent() && (pid.get() < 1 || pid.get() > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("pid: " + pid.get() + " is not a process");
        }
        if (channel.isPresent() && channel.get() < 1) {
            throw new IllegalArgumentException(
                    "channel: " + channel.get() + " is no channel; they are numbered from 1");
        }
    }
}
