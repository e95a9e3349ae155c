package org.ham.core.engine;

import org.ham.api.ConditionType;
import org.ham.api.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * The event that made a condition true, as its actions are told of it. Immutable.
 *
 * @param type which event
 * @param seq its line in the journal
 * @param time when, ISO 8601
 * @param pid the process it was about, 0 when none
 * @param reason how that process ended, for a death
 */
public record Trigger(
        ConditionType type,
        long seq,
        String time,
        long pid,
        @Nullable ExitReason reason) {}
