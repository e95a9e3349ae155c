package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened to a connection. Immutable.
 *
 * @param kind what it is
 * @param connection the target's name
 * @param generation of the connection, after it happened
 * @param away how long the connection has been lost so far; when it is back, how long it was
 * @param failure what went wrong; empty when nothing
 */
public record RecoveryEvent(Kind kind, String connection, long generation, Duration away, Optional<Throwable> failure) {
    /** Refuses missing parts. */
    public RecoveryEvent {
        requireNonNull(kind, "kind");
        requireNonNull(connection, "connection");
        requireNonNull(away, "away");
        requireNonNull(failure, "failure");
    }

    /** What happened. */
    public enum Kind {
        /** An operation met a loss, and the recovery function is called. */
        LOST,
        /** An attempt to open it again failed; as a rule another follows. */
        ATTEMPT_FAILED,
        /** The recovery function brought it back. */
        RECOVERED,
        /** The recovery function gave up; the next operation begins with another recovery. */
        FAILED,
        /** The recovery function was not called: a limit is reached. */
        EXHAUSTED
    }
}
