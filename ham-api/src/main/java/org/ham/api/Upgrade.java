package org.ham.api;

import java.util.List;

/**
 * An upgrade under way: a node of another distribution gets ready to lead, or leads on probation. Immutable.
 *
 * @param from the distribution that led when it began
 * @param to the other one
 * @param candidate the process of the other one
 * @param with the jars that it is for, each its SHA-256 and its path; empty when it is for a distribution
 */
public record Upgrade(String from, String to, long candidate, List<String> with) {
    /** Copies. */
    public Upgrade {
        with = List.copyOf(with);
    }
}
