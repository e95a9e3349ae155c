package org.ham.api;

import java.time.Duration;
import org.ham.api.HamException.Code;

/**
 * How often an entity beats and when missing beats count. The low mark is reached {@code low × period} after the last beat,
 * exactly; the high mark likewise. Immutable.
 *
 * @param period the time between two beats, from {@link #SHORTEST} to {@link #LONGEST}
 * @param low how many missed beats make {@code heartbeat-missed-low} true; 0 for never
 * @param high how many make {@code heartbeat-missed-high} true; 0 for never; not below {@code low} unless 0
 * @param selfHealing whether a late beat alone makes the entity healthy again; otherwise the {@code heartbeat-healthy} action
 *     or a restart does
 */
public record HeartbeatSpec(Duration period, int low, int high, boolean selfHealing) {
    /** The shortest period. */
    public static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest period. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /** The highest mark. */
    public static final int HIGHEST_MARK = 1_000_000;

    /** Checks the ranges. */
    public HeartbeatSpec {
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new HamException(
                    Code.INVALID, "heartbeat period " + period + ": expected from 1 ms to 24 h, 0 is no heartbeat");
        }
        if (low < 0 || high < 0 || low > HIGHEST_MARK || high > HIGHEST_MARK) {
            throw new HamException(
                    Code.INVALID, "heartbeat marks " + low + " and " + high + ": expected from 0 to " + HIGHEST_MARK);
        }
        if (high > 0 && low > high) {
            throw new HamException(
                    Code.INVALID, "heartbeat marks: low " + low + " is above high " + high + "; swap them");
        }
    }

    /** Beats that do not heal by themselves, as in the original. */
    public static HeartbeatSpec of(Duration period, int low, int high) {
        return new HeartbeatSpec(period, low, high, false);
    }
}
