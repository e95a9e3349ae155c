package org.ham.control;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.jspecify.annotations.Nullable;

/**
 * How much clients may take, from the framework properties {@code ham.control.*}. Immutable.
 *
 * @param others what users may do who are neither root nor the HAM's own
 * @param connections how many clients are served at a time
 * @param connectionsPerUser how many clients of one of the other users
 * @param requests how many requests of one client may be under way
 * @param subscriptions how many subscriptions one client may have
 * @param lineBytes the longest line of a client
 * @param memoryBytes what all clients together may occupy with what is not sent or not whole yet
 * @param firstWithin how long a client may take to say something
 * @param readWithin how long a client may take to read something
 * @param takeWithin how long a client may take to take a pulse
 * @param leaveWithin how long requests under way may still take when the socket is closed
 */
record Limits(
        Others others,
        int connections,
        int connectionsPerUser,
        int requests,
        int subscriptions,
        int lineBytes,
        long memoryBytes,
        Duration firstWithin,
        Duration readWithin,
        Duration takeWithin,
        Duration leaveWithin) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    /** What other users may do. */
    enum Others {
        /** Nothing, not even connect. */
        NONE,
        /** Attach themselves, and act on their own entities. */
        SELF
    }

    /** What is usual. */
    static final Limits USUAL = from(_ -> null);

    static Limits from(Function<String, @Nullable String> property) {
        return new Limits(
                others(property.apply("ham.control.others")),
                (int) number(property, "connections", 10_000, 1, 100_000),
                (int) number(property, "connections-per-user", 1_000, 1, 100_000),
                (int) number(property, "requests", 64, 1, 10_000),
                (int) number(property, "subscriptions", 16, 1, 1_000),
                (int) number(property, "line-bytes", 1L << 20, 4096, 64L << 20),
                number(property, "memory-bytes", 16L << 20, 1L << 20, 1L << 30),
                duration(property, "first-within", Duration.ofSeconds(10)),
                duration(property, "read-within", Duration.ofSeconds(10)),
                duration(property, "take-within", Duration.ofSeconds(5)),
                Duration.ofSeconds(2));
    }

    private static Others others(@Nullable String given) {
        return switch (given == null ? "self" : given.strip().toLowerCase(Locale.ROOT)) {
            case "self" -> Others.SELF;
            case "none" -> Others.NONE;
            default -> throw refused("others", "none or self", String.valueOf(given));
        };
    }

    private static long number(
            Function<String, @Nullable String> property, String name, long usual, long least, long most) {
        var given = property.apply("ham.control." + name);
        if (given == null || given.isBlank()) {
            return usual;
        }
        if (given.strip().matches("\\d{1,12}")) {
            var value = Long.parseLong(given.strip());
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw refused(name, "a whole number from " + least + " to " + most, given);
    }

    private static Duration duration(Function<String, @Nullable String> property, String name, Duration usual) {
        var given = property.apply("ham.control." + name);
        if (given == null || given.isBlank()) {
            return usual;
        }
        var match = DURATION.matcher(given.strip());
        if (!match.matches()) {
            throw refused(name, "a duration such as 500ms, 5s, 2m or 1h", given);
        }
        var count = Long.parseLong(match.group(1));
        var value = switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
        if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw refused(name, "from 100ms to 24h", given);
        }
        return value;
    }

    private static HamException refused(String name, String expected, String given) {
        return new HamException(
                Code.INVALID, "ham.control." + name + ": expected " + expected + ", got '" + given + "'");
    }
}
