package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * Who asked for something. Immutable.
 *
 * @param name a program or a part of HAM, such as {@code shell}, {@code config} or {@code detector-process}
 * @param uid the user it runs as, -1 when HAM itself
 * @param pid its process, 0 when HAM itself
 */
public record Actor(String name, long uid, long pid) {
    /** Refuses a missing name. */
    public Actor {
        requireNonNull(name, "name");
    }

    /** A part of HAM itself. */
    public static Actor part(String name) {
        return new Actor(name, -1, 0);
    }
}
