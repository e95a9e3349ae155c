package org.ham.shell;

import java.util.EnumSet;
import java.util.List;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.HamPath;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham condition add}. */
@CommandLine.Command(
        name = "add",
        description = {
            "Adds a condition to an entity; '*' is the entity that matches all.",
            "Types: death, abnormal-death, detach, attach, restart, any.",
            "Flags: rearm, no-rearm, no-wait, independent, keep-on-empty."
        })
final class ConditionAddCommand extends Command {
    @Parameters(index = "0", paramLabel = "ENTITY", description = "the entity")
    String entity = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "a name, unique in the entity")
    String name = "";

    @Parameters(index = "2", paramLabel = "TYPE", description = "what makes it true")
    String type = "";

    @Parameters(index = "3..*", paramLabel = "FLAG", description = "how it behaves")
    List<String> flags = List.of();

    @Override
    protected int run(Context context) {
        var parsed = EnumSet.noneOf(ConditionFlag.class);
        flags.forEach(flag -> parsed.add(ConditionFlag.parse(Flags.plain(flag))));
        var condition = ConditionSpec.of(name, ConditionType.parse(type), parsed);
        context.requireHam().addCondition(EntityHandle.of(entity), condition, context.actor());
        var path = HamPath.condition(entity, name).toString();
        return done(context, path, "added condition " + path);
    }
}
