package org.ham.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes words the way a shell would read them. */
final class Words {
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    private Words() {}

    static String line(List<String> words) {
        return words.stream().map(Words::quoted).collect(Collectors.joining(" "));
    }

    static String value(Object value) {
        return switch (value) {
            case List<?> list ->
                "\"" + list.stream().map(item -> quoted(String.valueOf(item))).collect(Collectors.joining(" ")) + "\"";
            default -> quoted(String.valueOf(value));
        };
    }

    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
