package org.ham.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ham.api.NodeName;
import org.ham.api.NodeRights;

/** The part of {@code ham.yaml} about this node and others. Stateless. */
final class Nodes {
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:/=,\\s]+):(\\d{1,5})");

    private static final int MOST = 1_000;

    private static final List<String> FILES = List.of("certificate", "key", "trust");

    private Nodes() {}

    static void keys(Map<String, Function<Field, Optional<String>>> keys) {
        keys.put(
                "nodes.name",
                field -> field.text("the name of this node")
                        .flatMap(name -> field.checked(_ -> NodeName.require(name))));
        keys.put("nodes.listen", Nodes::address);
        FILES.forEach(file -> keys.put("nodes." + file, field -> field.text("a PEM file")));
        keys.put("nodes.silence", Nodes::silence);
        keys.put("nodes.known", Nodes::known);
    }

    /** Whoever listens or connects shows a certificate and looks at one. */
    static void check(Field document, Map<String, String> properties) {
        var needed = properties.containsKey("ham.nodes.listen")
                || properties.getOrDefault("ham.nodes.known", "").contains(":");
        for (var file : FILES) {
            if (needed && !properties.containsKey("ham.nodes." + file)) {
                document.wrong("nodes." + file + " is missing: a PEM file, as nodes.listen or an address in nodes.known"
                        + " is given");
            }
        }
    }

    private static Optional<String> address(Field field) {
        var what = "HOST:PORT such as 10.0.0.2:4260 or [fe80::2]:4260";
        return field.text(what).flatMap(text -> {
            var match = ADDRESS.matcher(text);
            return match.matches() && Integer.parseInt(match.group(1)) <= 65_535
                    ? Optional.of(text)
                    : field.expected(what);
        });
    }

    private static Optional<String> silence(Field field) {
        return Words.duration(field)
                .flatMap(time -> time.compareTo(Duration.ofSeconds(2)) < 0 || time.compareTo(Duration.ofHours(1)) > 0
                        ? field.expected("a duration from 2s to 1h")
                        : field.text("a duration"));
    }

    /** {@code NODE=HOST:PORT/RIGHTS}, separated by commas: the two may be left out, not both. */
    private static Optional<String> known(Field field) {
        var written = new ArrayList<String>();
        field.map("a map of nodes by their names").orElse(Keys.NONE).forEach((name, node) -> {
            if (node.checked(_ -> NodeName.require(name)).isPresent()) {
                node(name, node).ifPresent(written::add);
            }
        });
        if (written.size() > MOST) {
            return field.expected("at most " + MOST + " nodes");
        }
        return written.isEmpty() ? Optional.empty() : Optional.of(String.join(",", written));
    }

    private static Optional<String> node(String name, Field node) {
        var what = "a map such as {address: \"10.0.0.2:4260\", rights: all}";
        return node.map(what, List.of("address", "rights")).flatMap(keys -> {
            var address = keys.get("address").flatMap(Nodes::address);
            var rights = keys.get("rights").flatMap(Nodes::rights);
            if (address.isEmpty() && rights.isEmpty()) {
                // What was given and is wrong was said already.
                return keys.has("address") || keys.has("rights")
                        ? Optional.empty()
                        : node.wrong("expected an address, rights, or both: " + what);
            }
            return Optional.of(
                    name + "=" + address.orElse("") + rights.map("/"::concat).orElse(""));
        });
    }

    private static Optional<String> rights(Field field) {
        return field.text("observe, notify or all")
                .flatMap(word -> field.checked(_ -> NodeRights.parse(word).word()));
    }
}
