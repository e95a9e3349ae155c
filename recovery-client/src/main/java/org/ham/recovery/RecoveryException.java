package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the recovery library itself refuses or reports. The code is for programs, the outcome says whether the operation may have
 * happened. An operation that fails and is not recovered fails with its own error, as it would without the library; if a recovery
 * was tried, that error carries why it failed as a suppressed exception.
 */
public final class RecoveryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, with the error number of the original. */
    public enum Code {
        /** The connection has no recovery function ({@code EBADF}). */
        NOT_ATTACHED("EBADF"),
        /** The connection was closed by its owner ({@code EBADF}). */
        CLOSED("EBADF"),
        /** The connection has a recovery function already ({@code EEXIST}). */
        EXISTS("EEXIST"),
        /** An argument is not valid ({@code EINVAL}). */
        INVALID("EINVAL"),
        /** There are too many duplicates ({@code ENOMEM}). */
        TOO_MANY("ENOMEM"),
        /** A limit on recoveries is reached ({@code EAGAIN}). */
        EXHAUSTED("EAGAIN"),
        /** Another thread's recovery took longer than the target's patience ({@code ETIMEDOUT}). */
        BUSY("ETIMEDOUT"),
        /** The thread was interrupted while it waited for another's recovery ({@code EINTR}). */
        INTERRUPTED("EINTR"),
        /** The connection is back, but the operation was not sent again: its replay forbids it ({@code ECONNRESET}). */
        NOT_REPEATED("ECONNRESET"),
        /** The connection is back, but a message was cut in the middle and cannot go on ({@code ECONNRESET}). */
        HALF_WRITTEN("ECONNRESET");

        private final String errno;

        Code(String errno) {
            this.errno = errno;
        }

        /** The name of the error number, such as {@code EBADF}. */
        public String errno() {
            return errno;
        }
    }

    /** Whether the operation happened. */
    public enum Outcome {
        /** Certainly not: it is safe to ask again. */
        NOT_DONE,
        /** Wholly, partly or not at all; nobody on this side can know. */
        MAYBE_DONE
    }

    private final Code code;
    private final Outcome outcome;

    RecoveryException(Code code, Outcome outcome, String message) {
        super(requireNonNull(message, "message"));
        this.code = requireNonNull(code, "code");
        this.outcome = requireNonNull(outcome, "outcome");
    }

    RecoveryException(Code code, Outcome outcome, String message, Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.code = requireNonNull(code, "code");
        this.outcome = requireNonNull(outcome, "outcome");
    }

    static RecoveryException refused(Code code, String message) {
        return new RecoveryException(code, Outcome.NOT_DONE, message);
    }

    /** The same of an operation that had begun before, if it had: with what it failed with first. */
    RecoveryException after(@Nullable IOException begun) {
        return begun == null
                ? this
                : new RecoveryException(
                        code,
                        Outcome.MAYBE_DONE,
                        getMessage() + "; the operation was begun before and may have been carried out",
                        begun);
    }

    /** What went wrong. */
    public Code code() {
        return code;
    }

    /** Whether the operation may have happened. */
    public Outcome outcome() {
        return outcome;
    }
}
