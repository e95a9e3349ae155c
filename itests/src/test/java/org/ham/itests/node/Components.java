package org.ham.itests.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The bundles and components of a HAM and whether they have all they need, as Gogo tells. */
final class Components {
    private static final Pattern BUNDLE =
            Pattern.compile("\\s*(\\d+)\\|(\\S+)\\s*\\|\\s*\\d+\\|(\\S+) \\((.*)\\)\\|.*");
    private static final Pattern COMPONENT = Pattern.compile("(\\S+) in bundle \\d+ \\(.*");
    private static final Pattern INSTANCE = Pattern.compile("\\s+Id: \\d+, State:(.*)");

    private final GogoLine gogo;

    Components(HamInstance ham) {
        gogo = new GogoLine(ham);
    }

    /** One bundle. */
    record Installed(long id, String state, String version) {}

    /** The bundles by their symbolic names. */
    Map<String, Installed> bundles() {
        var found = new TreeMap<String, Installed>();
        gogo.run("lb -s").lines().map(BUNDLE::matcher).forEach(line -> {
            if (line.matches()) {
                found.put(line.group(3), new Installed(Long.parseLong(line.group(1)), line.group(2), line.group(4)));
            }
        });
        return found;
    }

    /** Each component with the states of its instances; one that nobody has asked for yet counts as active. */
    Map<String, List<String>> states() {
        var found = new TreeMap<String, List<String>>();
        var name = "";
        for (var line : gogo.run("scr:list").lines().toList()) {
            var component = COMPONENT.matcher(line);
            var instance = INSTANCE.matcher(line);
            if (component.matches()) {
                name = component.group(1);
                found.put(name, new ArrayList<>());
            } else if (instance.matches()) {
                var state = instance.group(1).strip();
                found.computeIfAbsent(name, _ -> new ArrayList<>()).add(state.equals("SATISFIED") ? "ACTIVE" : state);
            }
        }
        return found;
    }
}
