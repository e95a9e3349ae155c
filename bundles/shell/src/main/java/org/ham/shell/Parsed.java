package org.ham.shell;

import java.util.Optional;

/**
 * What came of parsing words. Immutable.
 *
 * @param command the command to run, when there is one
 * @param exit the exit code when there is none: help was printed, or what was wrong
 */
public record Parsed(Optional<Command> command, int exit) {
    static Parsed ended(int exit) {
        return new Parsed(Optional.empty(), exit);
    }
}
