package org.ham.api;

import org.ham.api.HamException.Code;

/** The name of a node: a machine with a HAM that others know. Stateless. */
public final class NodeName {
    /** How long one may be, in characters. */
    public static final int LONGEST = 63;

    private NodeName() {}

    /**
     * Gives the name back if it is one: 1 to {@value #LONGEST} letters, digits, hyphens, underscores and dots, of which the first is a
     * letter or digit.
     *
     * @throws HamException {@code INVALID} or {@code NAME_TOO_LONG}
     */
    public static String require(String name) {
        if (name.length() > LONGEST) {
            throw new HamException(
                    Code.NAME_TOO_LONG,
                    "node '" + name.substring(0, 20) + "…': a name has at most " + LONGEST + " characters");
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new HamException(
                    Code.INVALID,
                    "node '" + name
                            + "': expected letters, digits, hyphens, underscores and dots, a letter or digit first");
        }
        return name;
    }
}
