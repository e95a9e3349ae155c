package org.ham.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Decides everything. The same seed decides the same. Not thread-safe. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to below a bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From 0 to below a bound, small ones more often. */
    long small(long bound) {
        return random.nextLong(1 + random.nextLong(bound));
    }

    /** True once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Eight digits. */
    String word() {
        return String.format(java.util.Locale.ROOT, "%08x", random.nextInt());
    }
}
