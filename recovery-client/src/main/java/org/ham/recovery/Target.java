package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What a connection goes to. Immutable.
 *
 * @param name for messages, such as {@code db:5432}
 * @param opener opens it, the first time and in {@link Connection#reopen()}
 * @param lost which errors mean that the connection is gone; all others go straight to the caller. {@link Losses} has the usual ones.
 *     May be called by any thread
 * @param patience how long an operation waits while another thread recovers the connection; from 1 ms to 1 day
 * @param <C> what is opened
 */
public record Target<C extends Closeable>(
        String name, Opener<C> opener, Predicate<? super IOException> lost, Duration patience) {
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(1);

    /** Checks the range of the patience: {@link IllegalArgumentException}. */
    public Target {
        requireNonNull(name, "name");
        requireNonNull(opener, "opener");
        requireNonNull(lost, "lost");
        if (patience.compareTo(Duration.ofMillis(1)) < 0 || patience.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + ": patience " + patience + ": expected from 1 ms to 1 day");
        }
    }

    /** With a patience of one minute. */
    public static <C extends Closeable> Target<C> of(
            String name, Opener<C> opener, Predicate<? super IOException> lost) {
        return new Target<>(name, opener, lost, USUAL_PATIENCE);
    }

    /** The same with another patience. */
    public Target<C> patience(Duration other) {
        return new Target<>(name, opener, lost, other);
    }

    /** The same with another opener. */
    Target<C> opener(Opener<C> other) {
        return new Target<>(name, other, lost, patience);
    }
}
