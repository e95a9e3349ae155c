package org.ham.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened: the last things in words, and all of it as one number. Not thread-safe. */
final class Trace {
    private final String[] last;
    private long count;
    private long hash = 17;

    /** One that keeps so many things in words. */
    Trace(int most) {
        last = new String[most];
    }

    void add(String what) {
        last[(int) (count++ % last.length)] = what;
        hash = hash * 31 + what.hashCode();
    }

    /** Equal for equal histories. */
    long hash() {
        return hash;
    }

    /** The oldest first. */
    List<String> last() {
        var all = new ArrayList<String>();
        for (var i = Math.max(0, count - last.length); i < count; i++) {
            all.add(last[(int) (i % last.length)]);
        }
        return all;
    }
}
