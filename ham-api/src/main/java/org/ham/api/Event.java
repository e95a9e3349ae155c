package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of the journal: something that happened, was decided, or came of it. Immutable.
 *
 * @param seq its number, from 1 upwards without gaps
 * @param epoch which HAM wrote it: one more at each takeover
 * @param time wall-clock time, to print
 * @param mono {@code CLOCK_MONOTONIC} in nanoseconds, to measure
 * @param type what it is, such as {@code death}, {@code action-done}; the list is in {@code docs/events.md}
 * @param entity the entity it concerns
 * @param condition the condition it concerns
 * @param action the action it concerns
 * @param pid the process it concerns
 * @param reason how a process ended, for a death
 * @param outcome what came of it: {@code ok}, or {@code failed} followed by why
 * @param cause the {@link #seq} of the line it follows from
 * @param actor who asked for it or saw it
 * @param data more, by name; values as JSON has them (strings, numbers, booleans, lists, maps)
 */
public record Event(
        long seq,
        long epoch,
        Instant time,
        long mono,
        String type,
        Optional<String> entity,
        Optional<String> condition,
        Optional<String> action,
        OptionalLong pid,
        Optional<ExitReason> reason,
        Optional<String> outcome,
        OptionalLong cause,
        Optional<Actor> actor,
        Map<String, Object> data) {
    /** Refuses missing parts. */
    public Event {
        requireNonNull(time, "time");
        requireNonNull(type, "type");
        requireNonNull(entity, "entity");
        requireNonNull(condition, "condition");
        requireNonNull(action, "action");
        requireNonNull(pid, "pid");
        requireNonNull(reason, "reason");
        requireNonNull(outcome, "outcome");
        requireNonNull(cause, "cause");
        requireNonNull(actor, "actor");
        requireNonNull(data, "data");
    }
}
