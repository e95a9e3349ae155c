package org.ham.core.engine;

/**
 * How much of everything there may be. Reaching a limit is a refusal or a line in the journal, never a failure of HAM.
 *
 * @param entities entities besides the global one
 * @param runs runs that may wait in one lane
 * @param requests ids of requests that are remembered
 */
public record Limits(int entities, int runs, int requests) {
    public static final Limits DEFAULT = new Limits(100_000, 1_000, 10_000);
}
