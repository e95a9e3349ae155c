package org.ham.api;

/**
 * An entity's heartbeat as it stands. Immutable.
 *
 * @param periodNanos the time between two beats, in nanoseconds
 * @param low the low mark, 0 for none
 * @param high the high mark, 0 for none
 * @param selfHealing whether a late beat alone heals
 * @param state {@code ok}, {@code missed-low} or {@code missed-high}
 */
public record HeartbeatView(long periodNanos, int low, int high, boolean selfHealing, String state) {}
