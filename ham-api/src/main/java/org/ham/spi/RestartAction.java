package org.ham.spi;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An action that starts its entity's process again. HAM itself does the start, exactly once, also through a takeover;
 * the plug-in only says which command. At most one may stand under the death conditions of an entity.
 *
 * @param <P> the parameters
 */
@ConsumerType
public interface RestartAction<P extends Record> extends ActionType<P> {
    /** The command to start, or empty for the entity's own. Asked once, when the action is added. */
    Optional<List<String>> command(P parameters);
}
