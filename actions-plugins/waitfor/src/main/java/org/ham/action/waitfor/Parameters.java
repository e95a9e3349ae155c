package org.ham.action.waitfor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code waitfor} can be told. Immutable.
 *
 * @param path what has to appear; when empty the time just passes
 * @param delay how long to wait at most
 */
public record Parameters(Optional<String> path, Duration delay) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Refuses a delay that is over at once or never, and a path that is relative to who knows what. */
    public Parameters {
        if (!delay.isPositive()) {
            throw new IllegalArgumentException("delay: must be above 0");
        }
        if (delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("delay: must be at most " + LONGEST.toDays() + " days");
        }
        try {
            if (path.isPresent() && !Path.of(path.get()).isAbsolute()) {
                throw new IllegalArgumentException("path: must begin with '/', found '" + path.get() + "'");
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("path: " + e.getReason(), e);
        }
    }
}
