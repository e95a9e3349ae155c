package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes a new connection one that the program can go on with. Thread-safe. */
@ConsumerType
@FunctionalInterface
public interface Login {
    /** Logs in; reads no byte more than is the answer. An exception means that the peer does not have it. */
    void login(InputStream from, OutputStream to) throws IOException;

    /** There is nothing to be said. */
    static Login none() {
        return (_, _) -> {};
    }
}
