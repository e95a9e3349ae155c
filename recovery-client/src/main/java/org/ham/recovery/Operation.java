package org.ham.recovery;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is done with the thing a connection goes through, and may be done again with another one after a recovery: it takes the one
 * it is given and keeps nothing of it.
 *
 * @param <C> what the connection goes through
 * @param <T> what comes of it
 */
@ConsumerType
@FunctionalInterface
public interface Operation<C extends Closeable, T> {
    /** Carries it out. An exception that means a lost connection (see {@link Target#lost}) starts the recovery. */
    T on(C resource) throws IOException;
}
