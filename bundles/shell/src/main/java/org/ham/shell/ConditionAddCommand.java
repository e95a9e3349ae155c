package org.ham.shell;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ham.api.ConditionFlag;
import org.ham.api.ConditionSpec;
import org.ham.api.ConditionType;
import org.ham.api.EntityHandle;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.HamPath;
import org.ham.api.RaiseMatch;
import org.ham.api.StateMatch;
import org.ham.api.StateSet;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ham condition add}. */
@CommandLine.Command(
        name = "add",
        customSynopsis = {
            "ham condition add ENTITY NAME TYPE [FLAG…]",
            "ham condition add ENTITY NAME state [from=STATES] [to=STATES] [FLAG…]",
            "ham condition add ENTITY NAME raise [type=N] [class=N] [severity=N|N+] [FLAG…]"
        },
        description = {
            "Adds a condition to an entity; '*' is the entity that matches all.",
            "Types: death, abnormal-death, detach, attach, restart, heartbeat-missed-low, heartbeat-missed-high, state,",
            "raise, any.",
            "STATES: any, 3, 1,4 or 'not 1,4'. What is left out is any; severity=3+ is 3 or higher.",
            "Flags: rearm, no-rearm, no-wait, independent, keep-on-empty."
        })
final class ConditionAddCommand extends Command {
    private static final String ANY = "any";
    private static final Set<String> OF_STATE = Set.of("from", "to");
    private static final Set<String> OF_RAISE = Set.of("type", "class", "severity");

    @Parameters(index = "0", paramLabel = "ENTITY", description = "the entity")
    String entity = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "a name, unique in the entity")
    String name = "";

    @Parameters(index = "2", paramLabel = "TYPE", description = "what makes it true")
    String type = "";

    @Parameters(index = "3..*", paramLabel = "WORD", description = "which change or raise counts, and flags")
    List<String> words = List.of();

    @Override
    protected int run(Context context) {
        context.requireHam().addCondition(EntityHandle.of(entity), condition(), context.actor());
        var path = HamPath.condition(entity, name).toString();
        return done(context, path, "added condition " + path);
    }

    private ConditionSpec condition() {
        var kind = ConditionType.parse(type);
        var flags = EnumSet.noneOf(ConditionFlag.class);
        var values = new HashMap<String, String>();
        for (var word : words) {
            var plain = Flags.plain(word);
            var equals = plain.indexOf('=');
            if (equals < 0) {
                flags.add(ConditionFlag.parse(plain));
            } else if (values.put(plain.substring(0, equals), plain.substring(equals + 1)) != null) {
                throw invalid("'" + plain.substring(0, equals) + "' is given twice");
            }
        }
        return switch (kind) {
            case STATE -> {
                requireKnown(values, OF_STATE);
                var change = new StateMatch(states(values, "from"), states(values, "to"));
                yield ConditionSpec.onState(name, change, flags);
            }
            case RAISE -> {
                requireKnown(values, OF_RAISE);
                yield ConditionSpec.onRaise(
                        name,
                        RaiseMatch.parse(
                                values.getOrDefault("type", ANY),
                                values.getOrDefault("class", ANY),
                                values.getOrDefault("severity", ANY)),
                        flags);
            }
            default -> {
                requireKnown(values, Set.of());
                yield ConditionSpec.of(name, kind, flags);
            }
        };
    }

    private static StateSet states(Map<String, String> values, String side) {
        try {
            return StateSet.parse(values.getOrDefault(side, ANY));
        } catch (HamException e) {
            throw invalid(side + ": " + e.getMessage());
        }
    }

    private void requireKnown(Map<String, String> values, Set<String> known) {
        values.keySet().stream()
                .filter(key -> !known.contains(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw invalid("a condition of type " + type + " has no '" + key + "'; "
                            + (known.isEmpty()
                                    ? "only state and raise have parameters"
                                    : "known are: " + known.stream().sorted().collect(Collectors.joining(", "))));
                });
    }

    private static HamException invalid(String why) {
        return new HamException(Code.INVALID, why);
    }
}
