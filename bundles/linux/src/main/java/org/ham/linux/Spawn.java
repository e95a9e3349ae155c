package org.ham.linux;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 * @param descriptors the descriptors of this process that it gets, besides the standard ones, by the numbers they have
 *     there: from 3 to {@link #HIGHEST_DESCRIPTOR}, each this process's number of an open one. They stay open here
 * @param pidVariables the variables of its environment that hold its own pid
 */
public record Spawn(
        List<String> command,
        Optional<Path> directory,
        Map<String, String> environment,
        Optional<String> user,
        Map<String, Long> limits,
        Optional<Path> output,
        Map<Integer, Integer> descriptors,
        Set<String> pidVariables) {
    /** The highest number that a descriptor can be given there. */
    public static final int HIGHEST_DESCRIPTOR = 63;

    private static final int FIRST_DESCRIPTOR = 3;

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
        descriptors = Map.copyOf(descriptors);
        descriptors.keySet().forEach(Spawn::checkNumber);
        pidVariables = Set.copyOf(pidVariables);
        pidVariables.forEach(Spawn::checkName);
    }

    /** One that gets the standard descriptors only. */
    public Spawn(
            List<String> command,
            Optional<Path> directory,
            Map<String, String> environment,
            Optional<String> user,
            Map<String, Long> limits,
            Optional<Path> output) {
        this(command, directory, environment, user, limits, output, Map.of(), Set.of());
    }

    /** The same with these descriptors. */
    public Spawn withDescriptors(Map<Integer, Integer> passed) {
        return new Spawn(command, directory, environment, user, limits, output, passed, pidVariables);
    }

    /** The same with its own pid in these variables. */
    public Spawn withPidIn(Set<String> variables) {
        return new Spawn(command, directory, environment, user, limits, output, descriptors, variables);
    }

    /** A shell sets them. */
    private static void checkName(String name) {
        if (!name.matches("[A-Z_][A-Z0-9_]*")) {
            throw new IllegalArgumentException("'" + name + "' is no variable for a pid");
        }
    }

    private static void checkNumber(int number) {
        if (number < FIRST_DESCRIPTOR || number > HIGHEST_DESCRIPTOR) {
            throw new IllegalArgumentException("descriptor " + number + " cannot be given; the numbers are "
                    + FIRST_DESCRIPTOR + " to " + HIGHEST_DESCRIPTOR);
        }
    }
}
