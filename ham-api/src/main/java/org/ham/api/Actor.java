package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * Who asked for something. Immutable.
 *
 * @param name a program or a part of HAM, such as {@code shell}, {@code config} or {@code detector-process}
 * @param uid the user it runs as, -1 when HAM itself
 * @param pid its process, 0 when HAM itself
 * @param request the id of the request, by which a repeat of it is known; empty when it has none
 */
public record Actor(String name, long uid, long pid, String request) {
    /** Refuses missing parts. */
    public Actor {
        requireNonNull(name, "name");
        requireNonNull(request, "request");
    }

    /** Somebody whose request has no id. */
    public Actor(String name, long uid, long pid) {
        this(name, uid, pid, "");
    }

    /** The same one with the id of a request. */
    public Actor asking(String id) {
        return new Actor(name, uid, pid, id);
    }

    /** A part of HAM itself. */
    public static Actor part(String name) {
        return new Actor(name, -1, 0);
    }
}
