package org.ham.bench;

import java.time.Duration;

/**
 * How often everything is measured. Immutable.
 *
 * @param kills how many single kills of each supervisor's child
 * @param bursts how many times all children are killed at once
 * @param takeovers how many kills of the HAM with one entity
 * @param crowdedTakeovers the same with a thousand entities
 * @param takeoverRounds how many kills of the HAM at each number of entities, when takeovers alone are measured
 * @param starts how many starts
 * @param idle how long idleness is measured
 * @param journalBlocks how many thousand appends
 */
record Plan(
        int kills,
        int bursts,
        int takeovers,
        int crowdedTakeovers,
        int takeoverRounds,
        int starts,
        Duration idle,
        int journalBlocks) {
    static final int WARM_UP = 5;

    static Plan full() {
        return new Plan(200, 7, 50, 10, 200, 5, Duration.ofSeconds(60), 100);
    }

    static Plan quick() {
        return new Plan(40, 2, 10, 2, 20, 2, Duration.ofSeconds(10), 20);
    }
}
