package org.ham.config;

import java.util.List;
import java.util.Optional;
import org.ham.api.HeartbeatSpec;

/** Reads the heartbeat of an entity. */
final class Heartbeat {
    private static final List<String> KEYS = List.of("period", "low", "high", "self-healing");
    private static final String MARK = "a number of missed beats up to " + HeartbeatSpec.HIGHEST_MARK + ", 0 for never";

    private Heartbeat() {}

    static Optional<HeartbeatSpec> of(Field field) {
        return field.map("a map such as {period: 1s, low: 2, high: 5}", KEYS).flatMap(keys -> heartbeat(field, keys));
    }

    private static Optional<HeartbeatSpec> heartbeat(Field field, Keys keys) {
        var period = keys.get("period")
                .or(() -> field.wrong("period is missing; give a duration such as 1s"))
                .flatMap(Words::duration);
        var low = mark(keys, "low");
        var high = mark(keys, "high");
        var healing = keys.get("self-healing").map(Field::truth).orElse(Optional.of(false));
        if (!keys.has("low") && !keys.has("high")) {
            return field.wrong("low and high are missing; say how many missed beats count, such as low: 2, high: 5");
        }
        if (period.isEmpty() || low.isEmpty() || high.isEmpty() || healing.isEmpty()) {
            return Optional.empty();
        }
        return field.checked(_ -> new HeartbeatSpec(period.get(), low.get(), high.get(), healing.get()));
    }

    /** Never, when it is left out. */
    private static Optional<Integer> mark(Keys keys, String name) {
        return keys.get(name)
                .map(field -> field.number(0, MARK)
                        .flatMap(mark -> mark <= HeartbeatSpec.HIGHEST_MARK
                                ? Optional.of(mark.intValue())
                                : field.<Integer>expected(MARK)))
                .orElse(Optional.of(0));
    }
}
