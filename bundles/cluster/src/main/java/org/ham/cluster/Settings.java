package org.ham.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeName;
import org.ham.api.NodeRights;
import org.jspecify.annotations.Nullable;

/**
 * This node and those it knows, from the framework properties {@code ham.nodes.*}. Immutable.
 *
 * @param name this node's name; empty when there are no nodes and nobody says
 * @param listen where other nodes find it; nowhere when empty
 * @param files certificate, key and trust; empty when there are no nodes
 * @param silence a link that was silent for so long is given up
 * @param known the other nodes by name
 */
record Settings(
        String name, Optional<Address> listen, Optional<Files> files, Duration silence, Map<String, Known> known) {
    private static final String PREFIX = "ham.nodes.";
    private static final Duration USUAL_SILENCE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);
    private static final int MOST_NODES = 1_000;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Pattern NODE = Pattern.compile("([^=,]+)=([^/,]*)(?:/([a-z]*))?");

    /** Another node: where it is, if this one goes there, and what it may do here, if it may come. */
    record Known(Optional<Address> address, Optional<NodeRights> rights) {}

    /** PEM files: the own certificate with its chain, its key, and whose certificates are believed. */
    record Files(Path certificate, Path key, Path trust) {}

    Settings {
        known = Map.copyOf(known);
    }

    /** Reads them; throws {@link HamException} {@code INVALID} with the name of the wrong one. */
    static Settings from(Function<String, @Nullable String> property) {
        var given = new Given(property);
        var listen = given.text("listen").map(text -> address("listen", text));
        var known = given.text("known").map(Settings::nodes).orElse(Map.of());
        var needed = listen.isPresent()
                || known.values().stream().anyMatch(node -> node.address().isPresent());
        return new Settings(
                given.text("name").map(name -> checked("name", name)).orElseGet(() -> needed ? hostName() : ""),
                listen,
                needed ? Optional.of(files(given)) : Optional.empty(),
                given.text("silence").map(Settings::silence).orElse(USUAL_SILENCE),
                known);
    }

    /** The properties, without those that are blank. */
    private record Given(Function<String, @Nullable String> property) {
        Optional<String> text(String name) {
            return Optional.ofNullable(property.apply(PREFIX + name))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }

        Path file(String name) {
            var text = text(name)
                    .orElseThrow(() ->
                            refused(name, "a PEM file, as there are nodes to listen for or to connect to", "nothing"));
            var folder = Optional.ofNullable(property.apply("ham.conf.dir")).orElse("");
            return Path.of(folder).resolve(text).toAbsolutePath().normalize();
        }
    }

    private static Files files(Given given) {
        return new Files(given.file("certificate"), given.file("key"), given.file("trust"));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // Its certificate says who it is anyhow.
            return "localhost";
        }
    }

    private static Address address(String name, String text) {
        return Address.parse(text)
                .orElseThrow(() -> refused(name, "HOST:PORT such as 10.0.0.2:4260 or [fe80::2]:4260", text));
    }

    private static Map<String, Known> nodes(String text) {
        var nodes = new LinkedHashMap<String, Known>();
        for (var one : text.split(",")) {
            var match = NODE.matcher(one.strip());
            if (!match.matches()) {
                throw refused("known", "NODE=HOST:PORT/RIGHTS, separated by commas", one);
            }
            var address = given(match.group(2)).map(where -> address("known", where));
            var rights = given(match.group(3)).map(NodeRights::parse);
            if (nodes.put(checked("known", match.group(1)), new Known(address, rights)) != null) {
                throw refused("known", "each node once", one);
            }
        }
        if (nodes.size() > MOST_NODES) {
            throw refused("known", "at most " + MOST_NODES + " nodes", nodes.size() + " of them");
        }
        return nodes;
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).filter(one -> !one.isEmpty());
    }

    private static String checked(String name, String node) {
        try {
            return NodeName.require(node);
        } catch (HamException e) {
            throw new HamException(e.code(), PREFIX + name + ": " + e.getMessage(), e);
        }
    }

    private static Duration silence(String text) {
        var match = DURATION.matcher(text);
        if (match.matches()) {
            var count = Long.parseLong(match.group(1));
            var value = switch (match.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
            if (value.compareTo(SHORTEST_SILENCE) >= 0 && value.compareTo(LONGEST_SILENCE) <= 0) {
                return value;
            }
        }
        throw refused("silence", "a duration from 2s to 1h", text);
    }

    private static HamException refused(String name, String expected, String given) {
        return new HamException(Code.INVALID, PREFIX + name + ": expected " + expected + ", got '" + given + "'");
    }

    /** Those that this node goes to. */
    Map<String, Address> addresses() {
        var addresses = new LinkedHashMap<String, Address>();
        known.forEach((node, what) -> what.address().ifPresent(address -> addresses.put(node, address)));
        return addresses;
    }

    /** The node that shows a certificate with these names, if it is one that may come. */
    Optional<Map.Entry<String, NodeRights>> coming(Stream<String> names) {
        return names.flatMap(
                        one -> Optional.ofNullable(known.get(one))
                                .flatMap(Known::rights)
                                .map(rights -> Map.entry(one, rights))
                                .stream())
                .findFirst();
    }
}
