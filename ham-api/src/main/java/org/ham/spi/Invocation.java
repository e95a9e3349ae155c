package org.ham.spi;

import java.util.Optional;
import org.ham.api.Event;
import org.ham.api.HamPath;
import org.ham.api.ProcessId;

/**
 * One run of an action. Immutable.
 *
 * @param id unique to this run and the same when it is resumed after a takeover, so that a script can make itself
 *     idempotent; given to started processes as {@code HAM_INVOCATION_ID}
 * @param path the action; for a fail item the action it belongs to
 * @param entity the entity whose event it was; differs from the path's entity for conditions of the global entity
 * @param process the entity's process at this moment, when it has one
 * @param event what made the condition true
 * @param verbosity HAM's verbosity at this moment
 * @param parameters what the action was added with
 * @param <P> the parameters
 */
public record Invocation<P extends Record>(
        String id,
        HamPath path,
        String entity,
        Optional<ProcessId> process,
        Event event,
        int verbosity,
        P parameters) {}
