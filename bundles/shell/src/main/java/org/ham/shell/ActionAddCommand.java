package org.ham.shell;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.api.ActionFlag;
import org.ham.api.ActionHandle;
import org.ham.api.ActionSpec;
import org.ham.api.ConditionHandle;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ham action add}: an action, or with {@code --on-fail} an item of an action's fail list. */
@CommandLine.Command(
        name = "add",
        customSynopsis = {
            "ham action add ENTITY/CONDITION NAME TYPE [KEY=VALUE…] [FLAG…]",
            "ham action add --on-fail ENTITY/CONDITION/ACTION NAME TYPE [KEY=VALUE…]"
        },
        description = {
            "Adds an action to a condition, or a fail item to an action.",
            "Types: restart, execute, waitfor, notify-signal, log, and those of plug-ins.",
            "A KEY given several times makes a list. A command may be one word in quotes: command=\"/bin/echo hello\".",
            "Flags: rearm, no-rearm, do-now, break-on-fail, keep-on-fail."
        })
final class ActionAddCommand extends Command {
    @Parameters(paramLabel = "WORD", hidden = true, arity = "1..*", description = "see above")
    List<String> words = List.of();

    @Option(names = "--on-fail", paramLabel = "ACTION-PATH", description = "add it to what runs when this action fails")
    @Nullable
    String onFail;

    @Override
    protected void check() {
        split();
    }

    @Override
    protected int run(Context context) {
        var split = split();
        var ham = context.requireHam();
        var spec = spec(split);
        if (onFail != null) {
            var action = HamPath.parse(split.where());
            ham.addFailItem(action(action), spec, context.actor());
            return done(context, action + "/" + spec.name(), "added fail item " + spec.name() + " to " + action);
        }
        var condition = HamPath.parse(split.where());
        ham.addAction(condition(condition), spec, context.actor());
        var path = condition + "/" + spec.name();
        return done(context, path, "added action " + path);
    }

    private static ActionHandle action(HamPath path) {
        return Handle.of(path) instanceof ActionHandle handle
                ? handle
                : refuse("'" + path + "' is not an action; a fail item belongs to ENTITY/CONDITION/ACTION");
    }

    private static ConditionHandle condition(HamPath path) {
        return Handle.of(path) instanceof ConditionHandle handle
                ? handle
                : refuse("'" + path + "' is not a condition; an action is added to ENTITY/CONDITION");
    }

    private static <T> T refuse(String why) {
        throw new HamException(Code.INVALID, why);
    }

    /** The words by what they are for. */
    private record Split(String where, String name, String type, List<String> rest) {}

    private Split split() {
        var left = new ArrayList<>(words);
        var where = onFail == null ? conditionPath(left) : actionPath(onFail, left);
        if (left.size() < 2) {
            throw usage("say NAME and TYPE, for example: ham action add web/died restart restart");
        }
        return new Split(where, left.removeFirst(), left.removeFirst(), left);
    }

    private String conditionPath(List<String> left) {
        var path = left.removeFirst();
        if (depth(path) != 2) {
            throw usage("'" + path + "' is not the path of a condition: ENTITY/CONDITION");
        }
        return path;
    }

    // A name has no '/', so a first word with one is the condition, said although the action's path tells it.
    private String actionPath(String action, List<String> left) {
        var path = action;
        if (left.getFirst().contains("/")) {
            var condition = left.removeFirst();
            path = action.contains("/") ? action : condition + "/" + action;
            if (!path.startsWith(condition + "/")) {
                throw usage("--on-fail " + action + " is not an action of " + condition);
            }
        }
        if (depth(path) != 3) {
            throw usage("--on-fail '" + path + "' is not the path of an action: ENTITY/CONDITION/ACTION");
        }
        return path;
    }

    private static int depth(String path) {
        return path.split("/", -1).length;
    }

    private static ActionSpec spec(Split split) {
        var parameters = new LinkedHashMap<String, Object>();
        var flags = EnumSet.noneOf(ActionFlag.class);
        for (var word : split.rest()) {
            var plain = Flags.plain(word);
            var equals = plain.indexOf('=');
            if (equals > 0) {
                parameters.merge(plain.substring(0, equals), plain.substring(equals + 1), ActionAddCommand::both);
            } else {
                flags.add(ActionFlag.parse(plain));
            }
        }
        return new ActionSpec(split.name(), split.type(), Map.copyOf(parameters), Set.copyOf(flags), List.of());
    }

    private static Object both(Object earlier, Object later) {
        var list = new ArrayList<Object>();
        if (earlier instanceof List<?> several) {
            list.addAll(several);
        } else {
            list.add(earlier);
        }
        list.add(later);
        return list;
    }
}
