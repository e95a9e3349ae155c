package org.ham.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HamException.Code;

/**
 * How to start a process. It gets a session and process group of its own. Immutable.
 *
 * @param command the program and its arguments; a program without {@code /} is looked up in {@code PATH}
 * @param directory the working directory; the HAM's own when empty
 * @param environment variables added to, or replacing, those of the HAM
 * @param user the user to run as; the HAM's own when empty
 * @param limits resource limits by name ({@code nofile}, {@code core}, …; soft and hard alike), {@code -1} for unlimited
 * @param output the file for standard output and error, relative to the run-dir's log folder; {@code NAME.log} when empty
 */
public record StartSpec(
        List<String> command,
        Optional<String> directory,
        Map<String, String> environment,
        Optional<String> user,
        Map<String, Long> limits,
        Optional<String> output) {
    /** The most words a command may have. */
    public static final int MOST_WORDS = 4096;

    /** Checks and copies. */
    public StartSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        limits = Map.copyOf(limits);
        requireNonNull(directory, "directory");
        requireNonNull(user, "user");
        requireNonNull(output, "output");
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new HamException(Code.INVALID, "start: the command is empty; give a program and its arguments");
        }
        if (command.size() > MOST_WORDS) {
            throw new HamException(
                    Code.INVALID, "start: " + command.size() + " words in the command, the most is " + MOST_WORDS);
        }
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new HamException(Code.INVALID, "start: the command has a NUL character");
        }
    }

    /** A command with nothing else set. */
    public static StartSpec of(List<String> command) {
        return new StartSpec(command, Optional.empty(), Map.of(), Optional.empty(), Map.of(), Optional.empty());
    }

    /** The same surroundings with another command. */
    public StartSpec withCommand(List<String> other) {
        return new StartSpec(other, directory, environment, user, limits, output);
    }
}
