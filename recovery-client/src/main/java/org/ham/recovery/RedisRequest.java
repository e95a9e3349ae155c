package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What a command of Redis is to a connection. Stateless. */
final class RedisRequest {
    private static final Set<String> REMEMBERED = Set.of("AUTH", "HELLO", "SELECT", "READONLY", "READWRITE");
    private static final Set<String> REMEMBERED_OF_CLIENT = Set.of("SETNAME", "SETINFO", "NO-EVICT", "NO-TOUCH");
    private static final Set<String> HARMLESS_OF_CLIENT = Set.of("ID", "INFO", "LIST", "GETNAME");
    private static final Set<String> BEGIN = Set.of("MULTI", "WATCH");
    private static final Set<String> COMPLETE = Set.of("EXEC", "DISCARD");
    private static final Set<String> END =
            Set.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "SYNC", "PSYNC", "QUIT", "RESET", "SHUTDOWN");

    private RedisRequest() {}

    static Meaning meaning(byte[] request, Predicate<String> repeatable) {
        var words = words(request);
        var name = words[0];
        if (name.isEmpty() || name.indexOf('"') >= 0 || name.indexOf('\'') >= 0) {
            // Nothing answers an empty one; of one in quotes it is not known here what it is.
            return Meaning.ENDS;
        }
        if (name.equals("CLIENT")) {
            return ofClient(words[1]);
        }
        if (REMEMBERED.contains(name)) {
            return Meaning.REMEMBERED;
        }
        if (BEGIN.contains(name)) {
            return Meaning.BEGINS;
        }
        if (COMPLETE.contains(name)) {
            return Meaning.COMPLETES;
        }
        if (END.contains(name)) {
            return Meaning.ENDS;
        }
        return repeatable.test(name) ? Meaning.REPEATABLE : Meaning.ONCE;
    }

    private static Meaning ofClient(String what) {
        if (REMEMBERED_OF_CLIENT.contains(what)) {
            return Meaning.REMEMBERED;
        }
        return HARMLESS_OF_CLIENT.contains(what) ? Meaning.REPEATABLE : Meaning.ENDS;
    }

    /** The first two words. */
    private static String[] words(byte[] request) {
        var lines = new String(request, ISO_8859_1).split("\r?\n", 6);
        var words = lines[0].startsWith("*")
                ? new String[] {word(lines, 2), word(lines, 4)}
                : (lines[0].strip() + "  ").split("\\s+", 3);
        return new String[] {words[0].toUpperCase(Locale.ROOT), words[1].toUpperCase(Locale.ROOT)};
    }

    private static String word(String[] lines, int at) {
        return at < lines.length ? lines[at] : "";
    }
}
