package org.ham.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown. Confined to one thread. */
final class Table {
    private static final double MILLI = 1e6;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        row(head);
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---".repeat(rows.getFirst().size())).append("|\n");
            }
        }
        return text.toString();
    }

    /** Milliseconds with three significant digits. */
    static String millis(long nanos) {
        return number(nanos / MILLI);
    }

    static String millis(Samples samples, double percent) {
        return samples.isEmpty() ? "–" : millis(samples.percentile(percent));
    }

    /** The median and the 99th percentile. */
    static String both(Samples samples) {
        return samples.isEmpty() ? "–" : millis(samples, 50) + " / " + millis(samples, 99);
    }

    static String ratio(Samples one, Samples other, double percent) {
        return one.isEmpty() || other.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%.2f", (double) one.percentile(percent) / other.percentile(percent));
    }

    static String number(double value) {
        var digits = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
