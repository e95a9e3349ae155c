package org.ham.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened: the last things in words, and all of it as one number. Not thread-safe. */
final class Trace {
    private static final int LONGEST = 160;

    private final Object[] last;
    private final Object[] details;
    private long count;
    private long hash = 17;

    /** One that keeps so many things in words. */
    Trace(int most) {
        last = new Object[most];
        details = new Object[most];
    }

    void add(String what) {
        add(what, "");
    }

    /** The same with what is put into words only when somebody asks; it is not part of the number. */
    void add(String what, Object detail) {
        var at = (int) (count++ % last.length);
        last[at] = what;
        details[at] = detail;
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
            var at = (int) (i % last.length);
            var text = String.valueOf(last[at]) + details[at];
            all.add(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
        }
        return all;
    }
}
