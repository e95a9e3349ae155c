package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ham.crash.PointTable;

/** The page of the documentation that lists the points, held against the agent's own list. Stateless. */
final class CrashPoints {
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private CrashPoints() {}

    /** All methods with probes. */
    static Set<String> methods() {
        return PointTable.methods().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(method -> PointTable.name(entry.getKey(), method)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The methods that the page lists under a heading: what stands in quotes in the first column of its table. */
    static Set<String> listed(String heading) {
        try {
            var root = Path.of(System.getProperty("ham.root", ".."));
            List<String> lines = Files.readAllLines(root.resolve("docs/crash-points.md"));
            var from = lines.indexOf("## " + heading);
            assertThat(from).as("heading " + heading).isNotNegative();
            return lines.subList(from + 1, lines.size()).stream()
                    .takeWhile(line -> !line.startsWith("## "))
                    .filter(line -> line.startsWith("| `"))
                    .flatMap(line -> QUOTED.matcher(line.split("\\|")[1]).results())
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The places where somebody was to die and nobody ever did, though they were passed while the points were counted; without those
     * that are listed with the reason why.
     *
     * @param missed where it was tried in vain
     * @param died where somebody died, then or another time
     */
    static Set<String> neverDied(Collection<Crash> missed, Set<String> died) {
        var seldom = listed("Passed in some rounds only");
        var excused = listed("Not reached");
        return missed.stream()
                .filter(crash -> !excused.contains(Crash.method(crash.point())))
                .map(Crash::place)
                .filter(place -> !died.contains(place) && !seldom.contains(place))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each method with probes was passed, but for those listed with the reason why not. */
    static void requireReached(Map<Situation, Map<String, Long>> counts) {
        var reached = counts.values().stream()
                .map(Map::keySet)
                .flatMap(Collection::stream)
                .filter(point -> !point.startsWith("warm-up"))
                .map(Crash::method)
                .collect(Collectors.toSet());
        var missing = new TreeSet<>(methods());
        missing.removeAll(reached);
        missing.removeAll(listed("Not reached"));
        assertThat(missing)
                .as("methods with probes that were not passed in any situation")
                .isEmpty();
    }
}
