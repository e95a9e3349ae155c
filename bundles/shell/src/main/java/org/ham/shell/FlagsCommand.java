package org.ham.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionHandle;
import org.ham.api.EntityFlag;
import org.ham.api.EntityHandle;
import org.ham.api.FlagChange;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.ham.spi.Supervisor;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham flags}: the flags of an entity, condition or action. */
@CommandLine.Command(
        name = "flags",
        description = {
            "Prints the flags of an entity, condition or action, or changes them: adds, removes, or sets just these.",
            "Flags of entities: keep-on-death; of conditions: rearm, no-rearm, no-wait, independent, keep-on-empty;",
            "of actions: rearm, no-rearm, break-on-fail, keep-on-fail."
        })
final class FlagsCommand extends Command {
    @Parameters(index = "0", paramLabel = "PATH", description = "ENTITY[/CONDITION[/ACTION]]")
    String path = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "add|remove|set", description = "how to change them")
    String change = "";

    @Parameters(index = "2..*", paramLabel = "FLAG", description = "which")
    List<String> flags = List.of();

    @Override
    protected void check() {
        if (!change.isEmpty() && !List.of("add", "remove", "set").contains(change)) {
            throw usage("'" + change + "' is none of add, remove, set");
        }
        if (flags.isEmpty() && (change.equals("add") || change.equals("remove"))) {
            throw usage("say which flags to " + change);
        }
    }

    @Override
    protected int run(Context context) {
        var ham = context.requireHam();
        var parsed = HamPath.parse(path);
        if (!change.isEmpty()) {
            change(ham, Handle.of(parsed), FlagChange.valueOf(change.toUpperCase(Locale.ROOT)), context);
        }
        show(context, parsed, words(Selection.of(ham, parsed)));
        return 0;
    }

    private void change(Supervisor ham, Handle target, FlagChange how, Context context) {
        switch (target) {
            case EntityHandle entity -> ham.changeFlags(entity, how, parsed(EntityFlag::parse), context.actor());
            case ConditionHandle condition ->
                ham.changeFlags(condition, how, parsed(ConditionFlag::parse), context.actor());
            case ActionHandle action -> ham.changeFlags(action, how, parsed(ActionFlag::parse), context.actor());
        }
    }

    private <F> Set<F> parsed(Function<String, F> parse) {
        var all = new HashSet<F>();
        flags.forEach(flag -> all.add(parse.apply(Flags.plain(flag))));
        return all;
    }

    private static List<String> words(Selection node) {
        return node.action()
                .map(action -> action.flags())
                .or(() -> node.condition().map(condition -> condition.flags()))
                .orElse(node.entity().flags());
    }

    private void show(Context context, HamPath node, List<String> words) {
        if (json) {
            var array = new JsonArray();
            words.forEach(array::add);
            var document = new JsonObject();
            document.addProperty("path", node.toString());
            document.add("flags", array);
            Documents.print(context.out(), document);
        } else {
            context.out().println(node + ": " + (words.isEmpty() ? "no flags" : String.join(", ", words)));
        }
    }
}
