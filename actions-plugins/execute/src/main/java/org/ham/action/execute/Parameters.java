package org.ham.action.execute;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.StartSpec;

/**
 * What {@code execute} can be told. Immutable.
 *
 * @param command the program and its arguments
 * @param directory the working directory; the HAM's own when empty
 * @param user the user to run as; the HAM's own when empty
 * @param environment variables added to, or replacing, those of the HAM
 * @param output the file for standard output and error, relative to the run-dir's log folder; the entity's when empty
 * @param within how long the command may take; when given, success needs code 0 in that time
 */
public record Parameters(
        List<String> command,
        Optional<String> directory,
        Optional<String> user,
        Optional<Map<String, String>> environment,
        Optional<String> output,
        Optional<Duration> within) {
    /** Refuses a command without a program and a time that is over at once. */
    public Parameters {
        command = List.copyOf(command);
        environment = environment.map(Map::copyOf);
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException("command: is empty; give a program and its arguments");
        }
        if (command.size() > StartSpec.MOST_WORDS) {
            throw new IllegalArgumentException(
                    "command: " + command.size() + " words, the most is " + StartSpec.MOST_WORDS);
        }
        if (within.isPresent() && !within.get().isPositive()) {
            throw new IllegalArgumentException("within: must be above 0");
        }
    }

    StartSpec start() {
        return new StartSpec(command, directory, environment.orElse(Map.of()), user, Map.of(), output);
    }
}
