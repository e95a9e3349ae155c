package org.ham.itests.node;

/**
 * One death to be. Immutable.
 *
 * @param situation who dies, and when
 * @param point where
 * @param occurrence at which time that it passes there
 * @param cut how much of a write that is broken off gets through, in thousandths
 */
record Crash(Situation situation, String point, long occurrence, int cut) {
    /** As {@code -Dham.crash.points} takes it. */
    @Override
    public String toString() {
        return place() + "/" + occurrence + "/" + cut;
    }

    /** Situation and point, as the documentation names them. */
    String place() {
        return situation + "/" + point.replace(' ', '+');
    }

    /** Reads what {@link #toString} wrote. */
    static Crash of(String text) {
        var parts = text.split("/");
        if (parts.length != 4) {
            throw new IllegalArgumentException("'" + text + "' is no SITUATION/POINT/OCCURRENCE/CUT");
        }
        return new Crash(
                Situation.valueOf(parts[0]),
                parts[1].replace('+', ' '),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]));
    }

    /** The method that the point belongs to: {@code Leader.append}. */
    static String method(String point) {
        return point.substring(0, point.indexOf(' '));
    }
}
