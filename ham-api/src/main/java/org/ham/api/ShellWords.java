package org.ham.api;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes words the way a shell would read them. Thread-safe. */
public final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    private ShellWords() {}

    /** Several words in one line. */
    public static String line(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    /** A parameter's value; a list becomes one quoted word. */
    public static String value(Object value) {
        return switch (value) {
            case List<?> list ->
                "\"" + list.stream().map(item -> quoted(String.valueOf(item))).collect(Collectors.joining(" ")) + "\"";
            default -> quoted(String.valueOf(value));
        };
    }

    /** One word, quoted where a shell would take it for something else. */
    public static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
