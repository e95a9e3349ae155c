package org.ham.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes a text that is sent to PostgreSQL apart into its statements, past comments and quotes. For one text. */
final class PostgresText {
    /** So many words say what a statement is. */
    private static final int WORDS = 6;

    private static final Set<String> QUERY = Set.of("SELECT", "WITH", "TABLE", "VALUES");
    private static final Set<String> TEMPORARY = Set.of("TEMP", "TEMPORARY");
    private static final Set<String> BEFORE_TEMPORARY = Set.of("OR", "REPLACE", "GLOBAL", "LOCAL");
    private static final Pattern TAG = Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)?\\$");

    /**
     * One of the statements.
     *
     * @param text as it was written
     * @param words its first words in capitals
     * @param temporary whether it makes or uses what is there for the session alone
     */
    record Statement(String text, List<String> words, boolean temporary) {
        String word(int at) {
            return at < words.size() ? words.get(at) : "";
        }
    }

    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private String last = "";
    private boolean temporary;
    private boolean blank = true;
    private boolean ambiguous;
    private int begin;
    private int at;

    PostgresText(String text) {
        this.text = text;
        while (at < text.length()) {
            next();
        }
        at = text.length();
        end();
    }

    List<Statement> statements() {
        return statements;
    }

    /** Whether it depends on the server's settings where a statement ends. */
    boolean isInDoubt() {
        return ambiguous && text.indexOf(';') >= 0;
    }

    private void next() {
        var first = text.charAt(at);
        if (text.startsWith("--", at)) {
            var end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("/*", at)) {
            skipComment();
        } else if (first == ';') {
            end();
        } else if (Character.isWhitespace(first)) {
            at++;
        } else {
            blank = false;
            content(first);
        }
    }

    private void content(char first) {
        if (first == '\'' || first == '"') {
            skipQuoted(first);
        } else if (isWordPart(first)) {
            word();
        } else if (first != '$' || !isDollarQuoteSkipped()) {
            at++;
        }
    }

    private void end() {
        if (!blank) {
            statements.add(new Statement(text.substring(begin, at).strip(), List.copyOf(words), temporary));
        }
        at++;
        begin = at;
        words = new ArrayList<>();
        last = "";
        temporary = false;
        blank = true;
    }

    /** Comments may contain comments. */
    private void skipComment() {
        var depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < text.length());
        ambiguous |= depth > 0;
    }

    private void skipQuoted(char quote) {
        var escapes = quote == '\'' && last.equals("E") && at > 0 && isWordPart(text.charAt(at - 1));
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\') {
                ambiguous |= quote == '\'' && !escapes && text.startsWith("'", at + 1);
                at += escapes ? 1 : 0;
            }
            at++;
        }
        ambiguous |= at >= text.length();
        at++;
        add("");
    }

    private boolean isDollarQuoteSkipped() {
        var tag = TAG.matcher(text).region(at, text.length());
        if (!tag.lookingAt()) {
            return false;
        }
        var end = text.indexOf(tag.group(), tag.end());
        ambiguous |= end < 0;
        at = end < 0 ? text.length() : end + tag.group().length();
        return true;
    }

    private static boolean isWordPart(char next) {
        return Character.isLetterOrDigit(next) || next == '_' || next > 0x7F;
    }

    private void word() {
        var start = at;
        while (at < text.length() && (isWordPart(text.charAt(at)) || text.charAt(at) == '$')) {
            at++;
        }
        add(text.substring(start, at).toUpperCase(Locale.ROOT));
    }

    private void add(String word) {
        temporary |= word.startsWith("PG_TEMP") || TEMPORARY.contains(word) && isMadeTemporary();
        if (words.size() < WORDS) {
            words.add(word);
        }
        last = word;
    }

    private boolean isMadeTemporary() {
        if (words.isEmpty()) {
            return false;
        }
        return words.getFirst().equals("CREATE") && BEFORE_TEMPORARY.containsAll(words.subList(1, words.size()))
                || QUERY.contains(words.getFirst()) && (last.equals("INTO") || last.equals("LOCAL"));
    }
}
