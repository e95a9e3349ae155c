package org.ham.config;

import java.util.List;

/** The heartbeat of an entity: its form is checked, but nothing in this HAM can watch it yet, and that is said. */
final class Heartbeat {
    private static final String MARK = "a number of missed beats, 0 for none";

    private Heartbeat() {}

    static void check(Field field) {
        var fields = field.map("a map such as {period: 1s, low: 2, high: 5}", List.of("period", "low", "high"));
        fields.ifPresent(keys -> {
            keys.get("period")
                    .or(() -> field.wrong("period is missing; give a duration such as 1s"))
                    .ifPresent(Words::duration);
            var low = keys.get("low").flatMap(mark -> mark.number(0, MARK));
            var high = keys.get("high").flatMap(mark -> mark.number(0, MARK));
            if (low.isPresent() && high.isPresent() && high.get() > 0 && low.get() > high.get()) {
                keys.get("low").ifPresent(mark -> mark.wrong("must not be above high"));
            }
        });
        field.wrong("no heartbeat detector is installed, so nothing would watch the beats; take the key out");
    }
}
