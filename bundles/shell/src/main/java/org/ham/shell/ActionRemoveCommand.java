package org.ham.shell;

import java.util.List;
import org.ham.api.ActionHandle;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ham action remove}. */
@CommandLine.Command(
        name = "remove",
        customSynopsis = {
            "ham action remove ENTITY/CONDITION/ACTION",
            "ham action remove ENTITY/CONDITION/ACTION/ITEM",
            "ham action remove --on-fail ENTITY/CONDITION/ACTION ITEM"
        },
        description = "Removes an action, or an item of an action's fail list.")
final class ActionRemoveCommand extends Command {
    @Parameters(paramLabel = "PATH", description = "the action or the fail item")
    String path = "";

    @Option(names = "--on-fail", paramLabel = "ACTION-PATH", description = "the action whose fail item it is")
    @Nullable
    String onFail;

    @Override
    protected void check() {
        var names = names();
        if (names.size() < 3 || names.size() > 4) {
            throw usage("'" + String.join("/", names) + "' is not the path of an action: ENTITY/CONDITION/ACTION");
        }
    }

    @Override
    protected int run(Context context) {
        var names = names();
        var action = HamPath.action(names.get(0), names.get(1), names.get(2));
        if (names.size() == 3) {
            context.requireHam().remove(Handle.of(action), context.actor());
            return done(context, action.toString(), "removed action " + action);
        }
        var item = names.get(3);
        context.requireHam()
                .removeFailItem(ActionHandle.of(names.get(0), names.get(1), names.get(2)), item, context.actor());
        return done(context, action + "/" + item, "removed fail item " + item + " of " + action);
    }

    private List<String> names() {
        return List.of((onFail == null ? path : onFail + "/" + path).split("/", -1));
    }
}
