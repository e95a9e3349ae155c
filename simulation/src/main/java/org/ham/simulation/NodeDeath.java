package org.ham.simulation;

/** Thrown through the code of a simulated process that dies at this very point. */
final class NodeDeath extends Error {
    private static final long serialVersionUID = 1L;

    NodeDeath() {
        super("dies here", null, false, false);
    }
}
