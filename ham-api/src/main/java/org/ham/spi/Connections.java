package org.ham.spi;

import java.util.Optional;
import org.ham.api.Actor;
import org.ham.api.ProcessId;
import org.osgi.annotation.versioning.ProviderType;

/** Opens connections on behalf of programs. Thread-safe. There while this process is the HAM. */
@ProviderType
public interface Connections {
    /**
     * Opens a connection.
     *
     * @param actor who is at its other end
     * @param process the process at its other end, which alone may attach itself through it; empty when it cannot
     */
    ServedHam open(Actor actor, Optional<ProcessId> process);
}
