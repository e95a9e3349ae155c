package org.ham.action.restart;

import java.util.List;
import java.util.Optional;
import org.ham.spi.ActionType;
import org.ham.spi.RestartAction;
import org.osgi.service.component.annotations.Component;

/** Starts the entity's process again. HAM does the start; this only says which command. Immutable. */
@Component(service = ActionType.class)
public final class Restart implements RestartAction<Restart.Parameters> {
    /**
     * What {@code restart} can be told.
     *
     * @param command the program and its arguments; the entity's own start command when empty
     */
    public record Parameters(Optional<List<String>> command) {
        /** Refuses a command without a program. */
        public Parameters {
            command = command.map(List::copyOf);
            if (command.isPresent()
                    && (command.get().isEmpty() || command.get().getFirst().isBlank())) {
                throw new IllegalArgumentException(
                        "command: is empty; give a program and its arguments, or leave it out for the entity's own");
            }
        }
    }

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Optional<List<String>> command(Parameters parameters) {
        return parameters.command();
    }
}
