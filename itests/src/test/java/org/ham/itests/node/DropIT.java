package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Newer jars of HAM's own bundles are dropped into the plug-in folder, some together, while entities are killed ten times a second, programs
 * call, and entities beat. {@code -Dham.drops=all} drops every bundle of HAM's own, one after the other, {@code -Dham.drops=org.ham.core,…} those.
 */
@Timeout(7_200)
class DropIT {
    /** What all the rest stands on; then what serves, what notices and what acts. */
    private static final List<List<String>> SOME = List.of(
            List.of("org.ham.api", "org.ham.linux", "org.ham.journal"),
            List.of("org.ham.control", "org.ham.detector.heartbeat", "org.ham.action.execute"));

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void aDroppedBundleOfHamsOwnIsTakenUnderLoad() throws Exception {
        var versions = new NewVersions(folder);
        var plugins = Files.createDirectories(ham.conf.resolve("plugins"));
        var load = new Load(ham, programs).prepare("probation: 1s");
        ham.start();
        ham.awaitMirrored();
        load.begin();
        var components = new Components(ham);
        var states = components.states();
        var dropped = new TreeMap<String, String>();
        var drops = drops(versions);
        for (var together : drops) {
            load.during(String.join(" ", together));
            var upgrades = load.count("upgraded");
            for (var name : together) {
                drop(versions.build(name, 1), plugins.resolve(name + ".jar"));
                dropped.put(name, versions.version(name, 1));
            }
            load.awaitMore("upgraded", upgrades);
            load.during("nothing");
            Awaitility.await("all is there with the new " + together)
                    .atMost(HamInstance.PATIENCE)
                    .untilAsserted(() -> {
                        // Those that were dropped before are still there.
                        var bundles = components.bundles();
                        assertThat(bundles.entrySet().stream()
                                        .filter(bundle -> dropped.containsKey(bundle.getKey()))
                                        .collect(Collectors.toMap(
                                                Map.Entry::getKey,
                                                bundle -> bundle.getValue().version())))
                                .isEqualTo(dropped);
                        assertThat(bundles.values())
                                .allMatch(each -> each.state().equals("Active"));
                        assertThat(components.states()).isEqualTo(states);
                    });
            load.awaitRecovery();
        }
        ham.awaitMirrored();
        load.end("drop of", 1);
        assertThat(ham.events("upgrade-failed")).isEmpty();
    }

    private static List<List<String>> drops(NewVersions versions) {
        var named = System.getProperty("ham.drops", "");
        return switch (named) {
            case "" -> SOME;
            case "all" ->
                versions.names().stream()
                        .filter(name -> name.startsWith("org.ham."))
                        .map(List::of)
                        .toList();
            default -> Stream.of(named.split(",")).map(List::of).toList();
        };
    }

    /** All of it is there at once. */
    private static void drop(Path jar, Path to) throws IOException {
        var beside = to.resolveSibling(".dropped");
        Files.copy(jar, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
