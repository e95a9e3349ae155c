package org.ham.recovery.osgi;

import java.time.Duration;

/**
 * What has happened to a covered service. Immutable.
 *
 * @param replacements how often a provider came after there had been another
 * @param waits calls that waited for a provider
 * @param longestWait the longest of these
 * @param failures calls that met the loss of their provider
 * @param repeats how often a call was carried out again on another
 * @param givenUp calls that ended with {@link ServiceGoneException}
 */
public record ServiceStatistics(
        long replacements, long waits, Duration longestWait, long failures, long repeats, long givenUp) {}
