package org.ham.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.HamException;
import org.junit.jupiter.api.Test;

class ParametersTest {
    public enum Colour {
        DARK_RED,
        BLUE
    }

    public record All(
            String text,
            int count,
            Optional<Long> big,
            boolean on,
            Duration delay,
            Optional<Colour> colour,
            List<String> command,
            Map<String, String> environment,
            Optional<Duration> maxWait) {
        public All {
            if (count < 0) {
                throw new IllegalArgumentException("count: must be 0 or more");
            }
        }
    }

    private static Map<String, Object> good() {
        return new java.util.HashMap<>(Map.of(
                "text",
                "x",
                "count",
                "3",
                "delay",
                "500ms",
                "command",
                "/bin/sh -c 'a b'",
                "max-wait",
                "2m",
                "colour",
                "dark-red"));
    }

    private static All bind(Map<String, Object> given) {
        return Parameters.bind("web/died/a", All.class, given);
    }

    @Test
    void wordsFromACommandLineAndValuesFromAFileBindAlike() {
        var all = bind(good());
        assertThat(all.count()).isEqualTo(3);
        assertThat(all.big()).isEmpty();
        assertThat(all.on()).isFalse();
        assertThat(all.delay()).isEqualTo(Duration.ofMillis(500));
        assertThat(all.maxWait()).contains(Duration.ofMinutes(2));
        assertThat(all.colour()).contains(Colour.DARK_RED);
        assertThat(all.command()).containsExactly("/bin/sh", "-c", "a b");
        assertThat(all.environment()).isEmpty();
        var given = good();
        given.put("count", 3L);
        given.put("command", List.of("/bin/sh", "-c", "a b"));
        given.put("on", true);
        given.put("environment", Map.of("LANG", "C"));
        assertThat(bind(given).command()).isEqualTo(all.command());
        assertThat(bind(given).on()).isTrue();
        assertThat(bind(given).environment()).containsEntry("LANG", "C");
    }

    @Test
    void everyMessageNamesTheActionAndTheParameter() {
        refused("text", null, "web/died/a: text: is missing, expected a text");
        refused("count", "three", "count: expected a whole number, got 'three'");
        refused("count", -1, "web/died/a: count: must be 0 or more");
        refused("delay", "5 parsecs", "delay: expected a duration such as 500ms, 5s or 2m");
        refused("colour", "green", "colour: expected one of dark-red, blue, got 'green'");
        refused("command", "'open", "command: expected a list of words");
        refused("on", "perhaps", "on: expected true or false");
        refused("txt", "x", "unknown parameter 'txt'; it takes text, count");
    }

    private static void refused(String key, @org.jspecify.annotations.Nullable Object value, String message) {
        var given = good();
        given.remove(key);
        if (value != null) {
            given.put(key, value);
        }
        assertThatThrownBy(() -> bind(given))
                .isInstanceOf(HamException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("web/died/a");
    }
}
