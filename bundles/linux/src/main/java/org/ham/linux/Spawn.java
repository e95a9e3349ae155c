package org.ham.linux;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to start. Immutable.
 *
 * @param command the program and its arguments; a program without {@code /} is looked up in the {@code PATH} of {@code
 *     environment}
 * @param directory the working directory; this process's own when empty
 * @param environment the whole environment
 * @param user the user to run as, by name or number; this process's own when empty
 * @param limits resource limits by the names of {@code prlimit(1)} ({@code nofile}, {@code core}, …), soft and hard
 *     alike; {@code -1} is unlimited
 * @param output the file that standard output and error are appended to (created with mode 0640); {@code /dev/null}
 *     when empty
 */
public record Spawn(
        List<String> command,
        Optional<Path> directory,
        Map<String, String> environment,
        Optional<String> user,
        Map<String, Long> limits,
        Optional<Path> output) {
    /** Copies, and refuses missing parts. */
    public Spawn {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        limits = Map.copyOf(limits);
        requireNonNull(directory, "directory");
        requireNonNull(user, "user");
        requireNonNull(output, "output");
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command is empty");
        }
    }
}
