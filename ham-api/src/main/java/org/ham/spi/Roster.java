package org.ham.spi;

import java.util.Optional;
import org.ham.api.ProcessId;
import org.osgi.annotation.versioning.ProviderType;

/** Which entity runs as which process at this moment. Thread-safe; never blocks. There while this process is the HAM. */
@ProviderType
public interface Roster {
    /** The entity whose own process has this number. */
    Optional<Member> of(long pid);

    /** An entity, if it has a process. */
    Optional<Member> of(String entity);

    /**
     * An entity with its process. Immutable.
     *
     * @param entity its name
     * @param process the process it is watched by
     * @param started whether HAM knows how to start it; the process then has a session of its own
     */
    record Member(String entity, ProcessId process, boolean started) {}
}
