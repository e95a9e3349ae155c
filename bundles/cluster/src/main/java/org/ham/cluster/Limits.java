package org.ham.cluster;

import java.time.Duration;

/**
 * How much other nodes may take. Immutable.
 *
 * @param connections how many connections there are at a time, in each direction
 * @param connectWithin how long it may take to reach another node and to exchange certificates
 * @param beat how often a line with nothing to say is looked at; an empty line goes out after one to two of these
 * @param leaveWithin how long one direction may go on after the other has ended
 * @param answerWithin how long another node may take to answer a pulse or a signal
 * @param again how long to wait after a failure to listen
 */
record Limits(
        int connections,
        Duration connectWithin,
        Duration beat,
        Duration leaveWithin,
        Duration answerWithin,
        Duration again) {
    /** What is usual. */
    static final Limits USUAL = new Limits(
            1_000,
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(25),
            Duration.ofSeconds(1));
}
