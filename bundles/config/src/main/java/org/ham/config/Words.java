package org.ham.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the small words of the files: flags, limits, durations. */
final class Words {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private Words() {}

    /** The flags of a list, none when it is not there. */
    static <F> Set<F> flags(Optional<Field> field, String example, Function<String, F> parse) {
        var flags = new HashSet<F>();
        field.flatMap(list -> list.list("a list of flags such as " + example))
                .ifPresent(elements -> elements.forEach(element -> element.text("a flag")
                        .flatMap(word -> element.checked(_ -> parse.apply(word)))
                        .ifPresent(flags::add)));
        return flags;
    }

    /** Resource limits by name. */
    static Map<String, Long> limits(Field field) {
        var limits = new HashMap<String, Long>();
        field.map("a map such as {nofile: 4096}")
                .orElse(Keys.NONE)
                .forEach((name, value) -> limit(value).ifPresent(number -> limits.put(name, number)));
        return limits;
    }

    private static Optional<Long> limit(Field field) {
        return field.isText("unlimited") ? Optional.of(-1L) : field.number(-1, "a number or unlimited");
    }

    /** A duration as HAM writes it, such as {@code 500ms}. */
    static Optional<Duration> duration(Field field) {
        var what = "a duration such as 500ms, 5s or 2m";
        return field.text(what).flatMap(text -> {
            var duration = duration(text);
            return duration.isEmpty()
                    ? field.expected(what)
                    : duration.filter(Duration::isPositive).or(() -> field.wrong("must be above 0"));
        });
    }

    /** The same of a text; empty when it is none. */
    static Optional<Duration> duration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var count = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }
}
