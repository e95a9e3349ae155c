package org.ham.recovery;

import java.time.Duration;

/**
 * What has happened to a connection and its duplicates since a recovery function was attached. Never reset, unlike {@link Counters}.
 * Immutable.
 *
 * @param failures operations that met a loss while recovery was on, by all threads
 * @param recoveries calls of the recovery function
 * @param succeeded how many of them brought the connection back
 * @param attempts how often it was opened again, or tried to be
 * @param away how long it was lost in all: from the first operation that noticed until it was back
 * @param longestAway the longest of these times
 * @param lastAway the last of them; zero when there was none
 * @param missed events that were not told because a listener was too slow
 */
public record Statistics(
        long failures,
        long recoveries,
        long succeeded,
        long attempts,
        Duration away,
        Duration longestAway,
        Duration lastAway,
        long missed) {}
