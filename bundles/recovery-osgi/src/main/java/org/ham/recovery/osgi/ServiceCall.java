package org.ham.recovery.osgi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is asked of a service, and may be asked of another provider of it after a replacement: it takes the one it is given and keeps
 * nothing of it.
 *
 * @param <S> the service
 * @param <T> what comes of it
 * @param <X> what the service throws
 */
@ConsumerType
@FunctionalInterface
public interface ServiceCall<S, T, X extends Exception> {
    /** Asks it. */
    T on(S service) throws X;
}
