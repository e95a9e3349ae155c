package org.ham.recovery.osgi;

import static java.util.Objects.requireNonNull;

import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceException;

/**
 * A call that a provider could not answer because it was replaced or is missing. Its type is {@link ServiceException#UNREGISTERED}; the
 * outcome says whether the call may have been carried out.
 */
public final class ServiceGoneException extends ServiceException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    ServiceGoneException(Outcome outcome, String message) {
        super(message, UNREGISTERED);
        this.outcome = requireNonNull(outcome, "outcome");
    }

    ServiceGoneException(Outcome outcome, String message, Throwable cause) {
        super(message, UNREGISTERED, cause);
        this.outcome = requireNonNull(outcome, "outcome");
    }

    /** The same of a call that had failed on another provider before, if it had. */
    ServiceGoneException after(@Nullable Exception begun) {
        return begun == null
                ? this
                : new ServiceGoneException(
                        Outcome.MAYBE_DONE,
                        getMessage()
                                + "; the call was begun before, on one that is gone, and may have been carried out",
                        begun);
    }

    /** Whether the call may have been carried out. */
    public Outcome outcome() {
        return outcome;
    }
}
