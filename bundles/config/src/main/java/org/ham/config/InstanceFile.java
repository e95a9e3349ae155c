package org.ham.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ham.yaml} says about the instance, as framework properties, or why it is refused; never both. Needs no OSGi
 * framework. Immutable.
 *
 * @param properties framework properties by name, such as {@code ham.guardian.beat}; only what the file names
 * @param problems sentences with file, line, column, field and what was expected
 */
public record InstanceFile(Map<String, String> properties, List<String> problems) {
    private static final Map<String, Function<Field, Optional<String>>> KEYS = keys();

    /** The shortest beat, and the one that the guardian bundle takes for the shortest possible hang mark. */
    private static final Duration SHORTEST_BEAT = Duration.ofMillis(10);

    /** What the guardian bundle takes where the file says nothing. */
    private static final Duration HANG_AFTER = Duration.ofSeconds(3);

    /** Copies. */
    public InstanceFile {
        properties = Map.copyOf(properties);
        problems = List.copyOf(problems);
    }

    private static Map<String, Function<Field, Optional<String>>> keys() {
        var keys = new LinkedHashMap<String, Function<Field, Optional<String>>>();
        keys.put("guardian.command", InstanceFile::command);
        keys.put("guardian.beat", InstanceFile::duration);
        keys.put("guardian.hang-after", InstanceFile::duration);
        keys.put("guardian.probation", InstanceFile::duration);
        keys.put("priority", field -> oneOf(field, "raised", "usual"));
        keys.put("heartbeat.debugger", field -> oneOf(field, "ignore", "count"));
        keys.put("journal.segment-bytes", field -> number(field, 64L << 10, 1L << 30));
        keys.put("journal.keep-segments", field -> number(field, 1, 1000));
        keys.put("journal.backlog-batches", field -> number(field, 100, 1_000_000));
        keys.put("limits.mailbox", field -> number(field, 100, 10_000_000));
        keys.put("limits.actions", field -> number(field, 1, 1_000_000));
        keys.put("control.others", field -> oneOf(field, "none", "self"));
        keys.put("control.connections", field -> number(field, 1, 100_000));
        keys.put("control.connections-per-user", field -> number(field, 1, 100_000));
        keys.put("control.requests", field -> number(field, 1, 10_000));
        keys.put("control.subscriptions", field -> number(field, 1, 1_000));
        keys.put("control.line-bytes", field -> number(field, 4096, 64L << 20));
        keys.put("control.memory-bytes", field -> number(field, 1L << 20, 1L << 30));
        keys.put("control.first-within", InstanceFile::shortTime);
        keys.put("control.read-within", InstanceFile::shortTime);
        keys.put("control.take-within", InstanceFile::shortTime);
        keys.put("view.mount", field -> field.text("a folder, or off"));
        Nodes.keys(keys);
        keys.put("verbosity", field -> number(field, 0, Integer.MAX_VALUE));
        return keys;
    }

    /** The properties it can set. */
    static List<String> known() {
        return KEYS.keySet().stream().map(key -> "ham." + key).toList();
    }

    /** Reads the file; one that does not exist says nothing. */
    public static InstanceFile read(Path file) {
        var name = String.valueOf(file.getFileName());
        try {
            return Files.exists(file) ? parse(name, Files.readAllBytes(file)) : new InstanceFile(Map.of(), List.of());
        } catch (IOException e) {
            return new InstanceFile(Map.of(), List.of(name + ": cannot be read: " + e));
        }
    }

    /** Reads a file's content; the name is for messages. */
    public static InstanceFile parse(String name, byte[] content) {
        var problems = new Problems(name);
        var properties = new LinkedHashMap<String, String>();
        try {
            for (var node : Documents.of(name, content, problems)) {
                var document = new Field(problems, "", node);
                collect(document, properties);
                checkGuardian(document, properties);
                Nodes.check(document, properties);
            }
        } catch (Problems.TooMuch e) {
            problems.add(e.place(), "the file stands for " + e.getMessage());
        }
        return new InstanceFile(problems.none() ? properties : Map.of(), problems.sentences());
    }

    private static void collect(Field field, Map<String, String> properties) {
        var key = KEYS.get(field.name());
        if (key != null) {
            key.apply(field).ifPresent(value -> properties.put("ham." + field.name(), value));
        } else if (KEYS.keySet().stream().anyMatch(known -> under(known, field.name()))) {
            if (!field.isNothing()) {
                field.map("a map of settings").orElse(Keys.NONE).values().forEach(value -> collect(value, properties));
            }
        } else {
            var parent = field.name().substring(0, Math.max(field.name().lastIndexOf('.'), 0));
            field.wrong("unknown key; known are: " + known(parent));
        }
    }

    /** Fewer beats than three in the time after which a silent process counts as hung would judge nobody surely. */
    private static void checkGuardian(Field document, Map<String, String> properties) {
        // Where the file names no beat there is one that suits the hang mark.
        var beat = duration(properties.get("ham.guardian.beat"), SHORTEST_BEAT);
        var hangAfter = duration(properties.get("ham.guardian.hang-after"), HANG_AFTER);
        if (hangAfter.compareTo(beat.multipliedBy(3)) < 0) {
            document.wrong("guardian.hang-after must be at least three times guardian.beat, which is " + beat.toMillis()
                    + "ms; it is " + hangAfter.toMillis() + "ms");
        }
    }

    private static Duration duration(@Nullable String given, Duration usual) {
        return given == null ? usual : Words.duration(given).orElse(usual);
    }

    private static boolean under(String key, String parent) {
        return parent.isEmpty() || key.startsWith(parent + ".");
    }

    private static String known(String parent) {
        return KEYS.keySet().stream().filter(key -> under(key, parent)).collect(Collectors.joining(", "));
    }

    private static Optional<String> duration(Field field) {
        return Words.duration(field).flatMap(_ -> field.text("a duration"));
    }

    private static Optional<String> oneOf(Field field, String one, String other) {
        var expected = one + " or " + other;
        return field.text(expected)
                .flatMap(word -> word.equals(one) || word.equals(other) ? Optional.of(word) : field.expected(expected));
    }

    private static Optional<String> shortTime(Field field) {
        return Words.duration(field)
                .flatMap(time -> time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofDays(1)) > 0
                        ? field.expected("a duration from 100ms to 24h")
                        : field.text("a duration"));
    }

    private static Optional<String> number(Field field, long least, long most) {
        var what = "a whole number from " + least + " to " + most;
        return field.number(least, what)
                .flatMap(number -> number <= most ? Optional.of(number.toString()) : field.expected(what));
    }

    /** A list of words is quoted the way a shell reads it; a text is such a line already. */
    private static Optional<String> command(Field field) {
        if (field.isScalar()) {
            return field.text("a command");
        }
        return field.words("a command such as [ham, node] or \"ham node\"").map(words -> {
            var quoted = new ArrayList<String>();
            words.forEach(word -> quoted.add("'" + word.replace("'", "'\\''") + "'"));
            return String.join(" ", quoted);
        });
    }
}
