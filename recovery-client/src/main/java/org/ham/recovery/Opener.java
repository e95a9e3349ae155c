package org.ham.recovery;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens what a connection goes through: a file, a channel, a socket. May be called by any thread, by one at a time.
 *
 * @param <C> what is opened
 */
@ConsumerType
@FunctionalInterface
public interface Opener<C extends Closeable> {
    /** Opens a new one. An exception means that there is none now. */
    C open() throws IOException;
}
