package org.ham.recovery;

import java.util.function.Predicate;

/** Whether an operation is carried out again after a recovery when it may have been carried out before. */
public enum Replay {
    /** It is sent again, as the original does: it may be carried out twice. */
    AT_LEAST_ONCE,
    /**
     * It is sent again only if it was certainly not carried out; else it fails with {@link RecoveryException.Code#NOT_REPEATED}, on a
     * connection that is back.
     */
    AT_MOST_ONCE;

    /** At least once for a request that does no harm when it is carried out twice, at most once for any other. */
    public static <R> Replay ifIdempotent(Predicate<? super R> idempotent, R request) {
        return idempotent.test(request) ? AT_LEAST_ONCE : AT_MOST_ONCE;
    }
}
