package org.ham.guardian;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line into words with the quoting of a shell: single and double quotes, and the backslash. */
final class Words {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private final String line;
    private int at;
    private boolean inWord;

    private Words(String line) {
        this.line = line;
    }

    /** The words of a line; throws {@link IllegalArgumentException} when a quote is not closed. */
    static List<String> of(String line) {
        var parser = new Words(line);
        while (parser.at < line.length()) {
            parser.step(line.charAt(parser.at++));
        }
        parser.end();
        return List.copyOf(parser.words);
    }

    private void step(char c) {
        if (Character.isWhitespace(c)) {
            end();
            return;
        }
        inWord = true;
        switch (c) {
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '\\' -> word.append(next("a character after the last \\"));
            default -> word.append(c);
        }
    }

    private void singleQuoted() {
        for (var c = next("a closing '"); c != '\''; c = next("a closing '")) {
            word.append(c);
        }
    }

    private void doubleQuoted() {
        for (var c = next("a closing \""); c != '"'; c = next("a closing \"")) {
            if (c == '\\') {
                var escaped = next("a closing \"");
                if ("\"\\$`".indexOf(escaped) < 0) {
                    word.append('\\');
                }
                word.append(escaped);
            } else {
                word.append(c);
            }
        }
    }

    private char next(String missing) {
        if (at == line.length()) {
            throw new IllegalArgumentException("'" + line + "' lacks " + missing);
        }
        return line.charAt(at++);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
