package org.ham.itests.node;

import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/** What was done to a HAM and when, by the clock that the journal's lines have. Thread-safe. */
final class Doings {
    private final NavigableMap<Long, String> since = new ConcurrentSkipListMap<>();

    /** From now on this is done. */
    void now(String what) {
        since.put(System.nanoTime(), what);
    }

    /** What was done in a time, its first and last moment included. */
    Set<String> between(long from, long to) {
        var first = since.floorKey(from);
        return new TreeSet<>(
                since.subMap(first == null ? from : first, true, to, true).values());
    }
}
