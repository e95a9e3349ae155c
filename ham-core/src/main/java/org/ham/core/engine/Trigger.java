package org.ham.core.engine;

import java.util.Map;
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
 * @param data what else there is to it: {@value #FROM} and {@value #TO} of a state, {@value #TYPE}, {@value #CATEGORY} and
 *     {@value #SEVERITY} of what was raised, {@value #MISSED} beats
 */
public record Trigger(
        ConditionType type,
        long seq,
        String time,
        long pid,
        @Nullable ExitReason reason,
        Map<String, Long> data) {
    static final String FROM = "from";
    static final String TO = "to";
    static final String TYPE = "type";
    static final String CATEGORY = "class";
    static final String SEVERITY = "severity";
    static final String MISSED = "missed";

    public Trigger {
        data = Map.copyOf(data);
    }

    int number(String key) {
        return data.getOrDefault(key, 0L).intValue();
    }
}
