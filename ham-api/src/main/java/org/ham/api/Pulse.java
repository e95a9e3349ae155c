package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * What a {@code notify-pulse} action sends to a channel. Immutable.
 *
 * @param code the fixed code of the action
 * @param value the fixed value of the action
 * @param id the invocation: the same when the pulse is sent again after a takeover
 * @param action the action that sent it
 * @param event what made its condition true: which entity, when, and for a death why
 */
public record Pulse(int code, int value, String id, HamPath action, Event event) {
    /** Refuses missing parts. */
    public Pulse {
        requireNonNull(id, "id");
        requireNonNull(action, "action");
        requireNonNull(event, "event");
    }
}
