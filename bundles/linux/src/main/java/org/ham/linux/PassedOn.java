package org.ham.linux;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The descriptors that a process is started with, besides the standard ones. They are put out of the way first, above all
 * numbers that matter, and then into their places, so that it does not matter which of them has whose number. Immutable.
 */
final class PassedOn {
    private static final int FIRST = 3;

    /** This process's numbers by the other's. */
    private final Map<Integer, Integer> wanted;

    /** The lowest number that none of them has, here or there. */
    private final int aside;

    PassedOn(Map<Integer, Integer> wanted) {
        this.wanted = new TreeMap<>(wanted);
        List<Integer> numbers = new ArrayList<>(wanted.keySet());
        numbers.addAll(wanted.values());
        aside = numbers.isEmpty() ? FIRST : Math.max(FIRST, Collections.max(numbers) + 1);
    }

    /** To be done before the standard descriptors are set up, which may have been what is passed on. */
    void save(MemorySegment actions) {
        int place = aside;
        for (int own : wanted.values()) {
            add(Libc.addDup2(actions, own, place++));
        }
    }

    /** To be done last: all others are closed. */
    void placeAndCloseOthers(MemorySegment actions) {
        int place = aside;
        for (int number : wanted.keySet()) {
            add(Libc.addDup2(actions, place++, number));
        }
        int end = wanted.isEmpty() ? FIRST : Collections.max(wanted.keySet()) + 1;
        for (int fd = FIRST; fd < end; fd++) {
            if (!wanted.containsKey(fd)) {
                add(Libc.addClose(actions, fd));
            }
        }
        closeFrom(actions, end, place);
    }

    /** Closing one that is not open is no error to the C library. */
    private void closeFrom(MemorySegment actions, int first, int end) {
        if (Libc.hasCloseFrom()) {
            add(Libc.addCloseFrom(actions, first));
            return;
        }
        for (int fd = aside; fd < end; fd++) {
            add(Libc.addClose(actions, fd));
        }
        for (int fd : OwnDescriptors.from(first)) {
            add(Libc.addClose(actions, fd));
        }
    }

    private static void add(int result) {
        if (result != 0) {
            throw Errno.failure("cannot prepare a start", result);
        }
    }
}
