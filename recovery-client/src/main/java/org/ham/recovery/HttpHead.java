package org.ham.recovery;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * The head of a message of HTTP/1.1, as far as it says where the message ends.
 *
 * @param text all of its lines
 */
record HttpHead(String text) {
    String first() {
        return word(0);
    }

    String second() {
        return word(1);
    }

    private String word(int at) {
        var words = text.lines().findFirst().orElse("").split(" ");
        return at < words.length ? words[at] : "";
    }

    private String field(String name) {
        return text.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
                .reduce("", (known, next) -> known.isEmpty() ? next : known + "," + next);
    }

    boolean chunked() {
        return field("transfer-encoding").endsWith("chunked");
    }

    /** Empty when none is said; negative when it cannot be read. */
    OptionalLong length() {
        var said = field("content-length");
        if (said.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(said.matches("\\d{1,18}") ? Long.parseLong(said) : -1);
    }

    /** Whether the connection is to end or to become another protocol's with this message. */
    boolean closes() {
        var version = text.lines().findFirst().orElse("");
        return field("connection").contains("close") || !field("upgrade").isEmpty() || version.contains("HTTP/1.0");
    }
}
