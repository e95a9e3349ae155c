package org.ham.journal;

import java.util.ArrayList;
import java.util.List;

/** Sentences for people, collected until somebody asks; of very many only the first are kept. Not thread-safe. */
final class Findings {
    private static final int MOST = 100;

    private final List<String> sentences = new ArrayList<>();
    private int more;

    void add(String sentence) {
        if (sentences.size() < MOST) {
            if (!sentences.contains(sentence)) {
                sentences.add(sentence);
            }
        } else {
            more++;
        }
    }

    List<String> drain() {
        if (sentences.isEmpty()) {
            return List.of();
        }
        var all = new ArrayList<>(sentences);
        if (more > 0) {
            all.add("and " + more + " more findings of this kind");
        }
        sentences.clear();
        more = 0;
        return List.copyOf(all);
    }

    /** "line 7" or "lines 7 to 9". */
    static String lines(long from, long to) {
        return from >= to ? "line " + from : "lines " + from + " to " + to;
    }
}
