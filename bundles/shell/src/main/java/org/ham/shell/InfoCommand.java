package org.ham.shell;

import org.ham.api.HamPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham info}: one node in full, with the labels of the original's {@code /proc/ham}. */
@CommandLine.Command(name = "info", description = "Prints one node in full; without a path, the HAM itself.")
final class InfoCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "PATH", description = "ENTITY[/CONDITION[/ACTION]]")
    @Nullable
    String path;

    @Override
    public boolean readsOnly() {
        return true;
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        var labels = path == null
                ? NodeInfo.of(ham.status(), context.runDir())
                : NodeInfo.of(Selection.of(ham, HamPath.parse(path)));
        if (json) {
            Documents.print(context.out(), Documents.value(labels));
        } else {
            var width = labels.keySet().stream().mapToInt(String::length).max().orElse(0);
            labels.forEach((label, value) -> context.out().println(line(label, width, text(value))));
        }
        return 0;
    }

    // "Stats:" is a heading and brings its colon along.
    private static String line(String label, int width, String value) {
        return label.endsWith(":")
                ? label
                : (label + " ".repeat(width - label.length()) + " : " + value).stripTrailing();
    }

    private static String text(Object value) {
        return value instanceof java.util.List<?> list
                ? String.join(" ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }
}
