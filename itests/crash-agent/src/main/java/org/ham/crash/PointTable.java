package org.ham.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The methods that have probes, from the file {@code points.txt} beside this class. Stateless. */
public final class PointTable {
    private PointTable() {}

    /** Method names by the class that has them, as in a class file: {@code org/ham/core/Leader}. */
    public static Map<String, Set<String>> methods() {
        try (var in = PointTable.class.getResourceAsStream("points.txt")) {
            if (in == null) {
                throw new IllegalStateException("points.txt is not in the agent's jar");
            }
            var methods = new LinkedHashMap<String, Set<String>>();
            for (var line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                var words = line.isBlank() || line.startsWith("#")
                        ? new String[0]
                        : line.strip().split("\\s+");
                if (words.length > 1) {
                    methods.put(words[0], Stream.of(words).skip(1).collect(Collectors.toSet()));
                }
            }
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a method is called in the names of points: {@code Leader.append}. */
    public static String name(String owner, String method) {
        return owner.substring(owner.lastIndexOf('/') + 1).replace('$', '.') + "." + method;
    }
}
