package org.ham.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Words for what went wrong. */
final class Texts {
    private static final int LINES = 14;

    private Texts() {}

    static String of(Throwable e) {
        var out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return String.join("\n    ", out.toString().lines().limit(LINES).toList());
    }
}
