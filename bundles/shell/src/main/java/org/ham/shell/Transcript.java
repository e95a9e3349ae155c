package org.ham.shell;

/** What a line has printed, up to a length. Thread-safe, as Gogo prints from several threads. */
final class Transcript {
    private static final int MOST = 1 << 20;
    private static final String CUT = "…\n";

    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    synchronized void add(String kind, String text) {
        var to = kind.equals("out") ? out : err;
        if (to.length() + text.length() <= MOST) {
            to.append(text);
        } else if (to.length() < MOST) {
            to.append(text, 0, MOST - to.length()).append(CUT);
        }
    }

    synchronized GogoResults.Result with(int exit) {
        return new GogoResults.Result(out.toString(), err.toString(), exit);
    }
}
