package org.ham.shell;

import java.util.List;
import org.ham.api.HamPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham tree}: entities, conditions, actions as they stand. */
@CommandLine.Command(name = "tree", description = "Prints entities, conditions and actions with their states.")
final class TreeCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "PATH", description = "only this: ENTITY[/CONDITION[/ACTION]]")
    @Nullable
    String path;

    @Override
    public boolean readsOnly() {
        return true;
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        var entities = path == null
                ? ham.tree().entities()
                : List.of(Selection.of(ham, HamPath.parse(path)).narrowed());
        if (json) {
            Documents.print(context.out(), Documents.tree(entities));
        } else if (entities.isEmpty()) {
            context.out().println("nothing is watched; attach something: ham attach NAME -- COMMAND ARG…");
        } else {
            entities.forEach(entity -> new TreePrinter(context.out()).print(entity));
        }
        return 0;
    }
}
