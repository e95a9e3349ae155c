package org.ham.recovery;

/**
 * What a recovery record has counted. Immutable.
 *
 * @param tries calls of the recovery function since an operation last succeeded; the limit per failure holds against it
 * @param recoveries calls of the recovery function over the life; the limit over the life holds against it
 * @param succeeded how many of all calls brought the connection back; never reset
 */
public record Counters(int tries, int recoveries, long succeeded) {}
