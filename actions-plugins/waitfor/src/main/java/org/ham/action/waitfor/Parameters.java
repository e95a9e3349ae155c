package org.ham.action.waitfor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamPath;

/**
 * What {@code waitfor} can be told. Immutable.
 *
 * @param path what has to appear; without it and {@code ready} the time just passes
 * @param ready whether an entity has to say that it is ready
 * @param entity which one; the one whose event it was when empty
 * @param delay how long to wait at most
 */
public record Parameters(Optional<String> path, Optional<Boolean> ready, Optional<String> entity, Duration delay) {
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
        if (path.isPresent() && ready.orElse(false)) {
            throw new IllegalArgumentException("path: give either path or ready, or two waitfor actions");
        }
        if (entity.isPresent() && !ready.orElse(false)) {
            throw new IllegalArgumentException("entity: goes with ready: true");
        }
        entity.ifPresent(Parameters::checkName);
    }

    /** Without waiting for an entity. */
    public Parameters(Optional<String> path, Duration delay) {
        this(path, Optional.empty(), Optional.empty(), delay);
    }

    private static void checkName(String name) {
        try {
            HamPath.requireName("entity", name);
        } catch (HamException e) {
            throw new IllegalArgumentException("entity: " + e.getMessage(), e);
        }
    }
}
