package org.ham.guardian;

import java.time.Duration;

/**
 * What bounds the guardian bundle's retries and waits. Immutable.
 *
 * @param lockTries how often the lock of a dead HAM is asked for before giving up
 * @param lockPause the pause between two of them
 * @param leadTries how often one that has the lock looks whether another that seems to lead without it takes it
 * @param leadPause for how long it leaves the lock to the other each time
 * @param start how long a new Guardian may take until its first beat
 * @param away how long what beats may take to be replaced
 * @param readyLook the pause between two looks whether a new Guardian is ready
 * @param stop how long a Guardian may take to end when asked to, before it is killed
 * @param firstPause the pause before the second attempt to start a Guardian; it doubles from there
 * @param longestPause the longest such pause
 * @param candidate how long the node of another distribution may take until it is ready
 * @param probationLook the pause between two looks at it
 * @param badLooks how many of them in a row may find that something is missing
 * @param handOverPause the pause between two attempts to hand over
 * @param settled how long a Guardian must have lived for its death not to count as a repeated one
 */
record Limits(
        int lockTries,
        Duration lockPause,
        int leadTries,
        Duration leadPause,
        Duration start,
        Duration away,
        Duration readyLook,
        Duration stop,
        Duration firstPause,
        Duration longestPause,
        Duration candidate,
        Duration probationLook,
        int badLooks,
        Duration handOverPause,
        Duration settled) {
    static final Limits DEFAULT = new Limits(
            500,
            Duration.ofMillis(10),
            30,
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            10,
            Duration.ofMillis(100),
            Duration.ofSeconds(10));
}
