package org.ham.recovery.osgi;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a covered service behaves when its provider is replaced. Immutable.
 *
 * @param filter which providers count, as an LDAP filter; empty for all of the type
 * @param deadline how long a call waits for a provider, in all; from 1 ms to 1 day
 * @param idempotent which methods may be called again on another provider when the first one failed in the call; asked for calls through
 *     {@link RecoveringService#service}
 * @param lost which failures mean that the provider is gone although it is still registered, such as those of a remote one. What a
 *     provider throws that is not registered any more, or whose bundle is stopping, always does
 */
public record ServicePolicy(
        String filter, Duration deadline, Predicate<Method> idempotent, Predicate<? super Throwable> lost) {
    /** Checks the range of the deadline: {@link IllegalArgumentException}. */
    public ServicePolicy {
        requireNonNull(filter, "filter");
        requireNonNull(idempotent, "idempotent");
        requireNonNull(lost, "lost");
        if (deadline.compareTo(Duration.ofMillis(1)) < 0 || deadline.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("deadline " + deadline + ": expected from 1 ms to 1 day");
        }
    }

    /** All providers of the type, a deadline of 30 s, nothing is idempotent, no failure of a registered one is a loss. */
    public static ServicePolicy usual() {
        return new ServicePolicy("", Duration.ofSeconds(30), _ -> false, _ -> false);
    }

    /** The same for the providers of a filter. */
    public ServicePolicy filter(String other) {
        return new ServicePolicy(other, deadline, idempotent, lost);
    }

    /** The same with another deadline. */
    public ServicePolicy deadline(Duration other) {
        return new ServicePolicy(filter, other, idempotent, lost);
    }

    /** The same with other methods that may be called twice. */
    public ServicePolicy idempotent(Predicate<Method> other) {
        return new ServicePolicy(filter, deadline, other, lost);
    }

    /** The same with other failures that mean a loss. */
    public ServicePolicy lost(Predicate<? super Throwable> other) {
        return new ServicePolicy(filter, deadline, idempotent, other);
    }
}
