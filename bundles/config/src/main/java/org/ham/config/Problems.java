package org.ham.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong with one file, each as a sentence with file, line, column and field. Confined to one thread. */
final class Problems {
    private static final int MOST = 20;
    private static final int MOST_VALUES = 100_000;

    private final String file;
    private final List<String> sentences = new ArrayList<>();
    private int values;

    Problems(String file) {
        this.file = file;
    }

    /** Notes that a field is wrong. */
    void add(Node node, String field, String text) {
        add(node.getStartMark(), field.isEmpty() ? text : field + ": " + text);
    }

    /** Notes that something is wrong at a place, or with the whole file. */
    void add(Optional<Mark> place, String text) {
        var sentence = file
                + place.map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                        .orElse("")
                + ": " + text;
        if (sentences.size() < MOST && !sentences.contains(sentence)) {
            sentences.add(sentence);
        }
    }

    /** Counts a value that is looked at: a few aliases can stand for billions of them. */
    void countValue(Node node) {
        if (++values > MOST_VALUES) {
            throw new TooMuch(node);
        }
    }

    boolean none() {
        return sentences.isEmpty();
    }

    List<String> sentences() {
        return List.copyOf(sentences);
    }

    /** The file stands for more values than anybody would write. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Node node;

        private TooMuch(Node node) {
            super("more than " + MOST_VALUES + " values", null, false, false);
            this.node = node;
        }

        Optional<Mark> place() {
            return node.getStartMark();
        }
    }
}
