package org.ham.api;

import java.util.List;

/**
 * An upgrade under way: a node of another distribution gets ready to lead, or leads on probation. Immutable.
 *
 * @param from the distribution that led when it began
 * @param to the other one
 * @param candidate the process of the other one
 * @param with the jars that it is for, each its SHA-256 and its path; empty when it is for a distribution
 * @param onProbation whether the lead has gone to the candidate; until then it only gets ready
 */
public record Upgrade(String from, String to, long candidate, List<String> with, boolean onProbation) {
    /** Copies. */
    public Upgrade {
        with = List.copyOf(with);
    }

    /** One that begins. */
    public Upgrade(String from, String to, long candidate, List<String> with) {
        this(from, to, candidate, with, false);
    }

    /** The same once the lead has gone to the candidate. */
    public Upgrade proving() {
        return new Upgrade(from, to, candidate, with, true);
    }
}
