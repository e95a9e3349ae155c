package org.ham.guardian;

import java.time.Duration;

/** The pauses before a Guardian is started again: none after a settled life, doubling ones after quick deaths. Not thread-safe. */
final class BackOff {
    private final Duration first;
    private final Duration longest;
    private final Duration settled;
    private int quickDeaths;

    BackOff(Limits limits) {
        first = limits.firstPause();
        longest = limits.longestPause();
        settled = limits.settled();
    }

    /** The pause after a death, given how long that Guardian lived. */
    Duration pause(Duration lived) {
        quickDeaths = lived.compareTo(settled) >= 0 ? 1 : quickDeaths + 1;
        if (quickDeaths == 1) {
            return Duration.ZERO;
        }
        // Above thirty doublings the product would overflow; any limit is reached before.
        var pause = first.multipliedBy(1L << Math.min(quickDeaths - 2, 30));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
