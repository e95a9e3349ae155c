package org.ham.api;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The parts of a line that tells of a node in the tree. Thread-safe. */
public final class NodeLine {
    private NodeLine() {}

    /** An action in one line: name, type, parameters, flags, and whether it is switched off. */
    public static String of(ActionView action) {
        return title(action.name(), action.type())
                + parameters(action.parameters())
                + flags(action.flags())
                + switched(action.enabled());
    }

    /** The name, and the type unless it is the same word. */
    public static String title(String name, String type) {
        return name.equals(type) ? name : name + "  " + type;
    }

    /** The flags in brackets; nothing where there is none. */
    public static String flags(List<String> flags) {
        return flags.isEmpty() ? "" : "  [" + String.join(", ", flags) + "]";
    }

    /** A word for what is switched off; nothing for what is on. */
    public static String switched(boolean enabled) {
        return enabled ? "" : "  DISABLED";
    }

    private static String parameters(Map<String, Object> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + "=" + ShellWords.value(entry.getValue()))
                .collect(Collectors.joining());
    }
}
