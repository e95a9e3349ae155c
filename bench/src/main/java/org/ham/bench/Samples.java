package org.ham.bench;

import java.util.ArrayList;
import java.util.List;

/** Durations of one thing measured again and again, in nanoseconds. Confined to one thread. */
final class Samples {
    private final List<Long> nanos = new ArrayList<>();

    void add(long duration) {
        nanos.add(duration);
    }

    boolean isEmpty() {
        return nanos.isEmpty();
    }

    int count() {
        return nanos.size();
    }

    /** The smallest value that at least this share of all values does not exceed. */
    long percentile(double percent) {
        if (nanos.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        var sorted = nanos.stream().sorted().toList();
        var rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.clamp(rank, 1, sorted.size()) - 1);
    }

    long median() {
        return percentile(50);
    }
}
