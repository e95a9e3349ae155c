package org.ham.shell;

import org.ham.api.HamPath;
import org.ham.api.NodeInfo;
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
                : Selection.of(ham, HamPath.parse(path)).info();
        if (json) {
            Documents.print(context.out(), Documents.value(labels));
        } else {
            context.out().print(NodeInfo.text(labels));
        }
        return 0;
    }
}
