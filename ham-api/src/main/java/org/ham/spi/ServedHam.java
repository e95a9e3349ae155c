package org.ham.spi;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ham.api.Attachment;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.Ham;
import org.ham.api.HeartbeatSpec;
import org.ham.api.ProcessId;
import org.ham.api.Pulse;
import org.ham.api.PulseChannel;
import org.osgi.annotation.versioning.ProviderType;

/** A connection as the part that serves it has it: what the program at its other end does not say itself. Thread-safe. */
@ProviderType
public interface ServedHam extends Ham {
    /**
     * The same connection for one request, whose repeat is known by its id: carried out once, answered as often as asked.
     *
     * @param request unique to the request
     */
    ServedHam asking(String request);

    /**
     * Attaches the process at the other end.
     *
     * @param within the process HAM may know the entity by, when the one at the other end was started by it
     */
    Attachment attachSelf(
            String name, Optional<ProcessId> within, Optional<HeartbeatSpec> heartbeat, Set<EntityFlag> flags);

    /**
     * Detaches what the process at the other end is attached as, through this connection or one that it had before a takeover:
     * what {@link Attachment#detach} does, for a request with an id.
     */
    void detachSelf(EntityHandle entity);

    /** Opens a channel under a number the program had before, through another connection. */
    PulseChannel openChannel(int number, Consumer<Pulse> receiver);
}
