package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits longer after each attempt, with jitter so that many clients do not come back in step, and gives up after so many attempts or so
 * long a time. The first attempt is made at once, unless the connection has been lost again since it came back. What wakes it
 * starts the waits from the first again. Immutable.
 *
 * @param first the wait after the first attempt; from 1 ms to 1 day
 * @param most no wait is longer; not less than the first
 * @param factor how many times longer each wait is than the one before; from 1 to 100
 * @param jitter which part of a wait is left to chance; from 0 (none) to 1 (all of it)
 * @param attempts how many there are in one recovery; negative is without limit
 * @param deadline how long after its beginning no further one is made; from 1 ms to 1 day
 */
public record Backoff(Duration first, Duration most, double factor, double jitter, int attempts, Duration deadline)
        implements RetryPolicy {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final double MOST_FACTOR = 100;

    /** Checks the ranges: {@link IllegalArgumentException}. */
    public Backoff {
        requireNonNull(first, "first");
        requireRange("first", first, LEAST);
        requireRange("most", most, first);
        requireRange("deadline", deadline, LEAST);
        if (!(factor >= 1 && factor <= MOST_FACTOR)) {
            throw new IllegalArgumentException("factor " + factor + ": expected from 1 to 100");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter " + jitter + ": expected from 0 to 1");
        }
        if (attempts == 0) {
            throw new IllegalArgumentException("attempts 0: expected at least 1, or a negative number for no limit");
        }
    }

    private static void requireRange(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
            throw new IllegalArgumentException(what + " " + value + ": expected from " + least + " to 1 day");
        }
    }

    /** From 10 ms, doubled up to 2 s, half of it by chance, for one minute. */
    public static Backoff usual() {
        return new Backoff(Duration.ofMillis(10), Duration.ofSeconds(2), 2, 0.5, -1, Duration.ofMinutes(1));
    }

    /** The same with another deadline. */
    public Backoff deadline(Duration other) {
        return new Backoff(first, most, factor, jitter, attempts, other);
    }

    /** The same with another limit of attempts. */
    public Backoff attempts(int other) {
        return new Backoff(first, most, factor, jitter, other, deadline);
    }

    @Override
    public Attempts begin(String connection, int tries) {
        return new BackoffAttempts(
                this, tries, Ticker.SYSTEM, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** The wait after so many attempts without news, with this much of chance: from 0 to 1. */
    long waitNanos(int after, double chance) {
        var whole = Math.min(first.toNanos() * Math.pow(factor, Math.max(after - 1, 0)), most.toNanos());
        return (long) (whole * (1 - jitter * chance));
    }
}
