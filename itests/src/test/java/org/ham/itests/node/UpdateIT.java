package org.ham.itests.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each bundle of the distribution is updated in the running HAM, while entities are killed ten times a second, programs call, and entities
 * beat. {@code -Dham.updates=100} makes the long campaign, {@code -Dham.updates.bundles=org.ham.core,…} names those that it is about.
 */
@Timeout(14_400)
class UpdateIT {
    /** Gogo itself carries the update out, and a new one knows nothing of the line that is under way. */
    private static final Set<String> LEFT_OUT =
            Set.of("org.apache.felix.gogo.runtime", "org.apache.felix.gogo.shell", "org.apache.felix.gogo.command");

    @RegisterExtension
    final HamInstance ham = new HamInstance();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void everyBundleIsUpdatedUnderLoad() throws Exception {
        var times = Integer.getInteger("ham.updates", 1);
        var load = new Load(ham, programs).prepare();
        ham.start();
        var status = ham.awaitMirrored();
        var versions = new NewVersions(folder);
        load.begin();
        var updates = new Updates(ham, load, versions);
        for (var name : bundles(versions)) {
            updates.update(name, 1);
            var first = usage();
            for (var time = 2; time <= times; time++) {
                updates.update(name, time);
            }
            first.comparedTo(usage(), name, times, () -> leftovers(ham.hamPid()));
        }
        updates.print();
        load.end("update of", times);
        var now = ham.status();
        for (var role : List.of("ham", "guardian")) {
            assertThat(now.getAsJsonObject(role).get("pid"))
                    .as(role)
                    .isEqualTo(status.getAsJsonObject(role).get("pid"));
        }
    }

    private static List<String> bundles(NewVersions versions) {
        var named = System.getProperty("ham.updates.bundles", "");
        return named.isEmpty()
                ? versions.names().stream()
                        .filter(name -> !LEFT_OUT.contains(name))
                        .toList()
                : List.of(named.split(","));
    }

    /** What a process uses that could leak. */
    private record Usage(long descriptors, long threads, long loaders) {
        void comparedTo(Usage later, String name, int times, Supplier<String> leftovers) {
            System.out.println("usage around " + times + " updates of " + name + ": " + this + " then " + later);
            // Some of everything depends on what the clients are just doing.
            assertThat(later.descriptors - descriptors)
                    .as("descriptors, " + name)
                    .isLessThan(20 + times / 5);
            assertThat(later.threads - threads).as("threads, " + name).isLessThan(20 + times / 5);
            assertThat(later.loaders - loaders)
                    .as(() -> "class loaders, " + name + ": " + leftovers.get())
                    .isLessThan(5 + times / 5);
        }
    }

    private Usage usage() {
        var pid = ham.hamPid();
        return new Usage(count("/proc/" + pid + "/fd"), count("/proc/" + pid + "/task"), loaders(pid));
    }

    private static long count(String folder) {
        try (var entries = Files.list(Path.of(folder))) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of bundles that are left after a collection of garbage. */
    private static long loaders(long pid) {
        jcmd(pid, "GC.run");
        return jcmd(pid, "VM.classloader_stats")
                .lines()
                .filter(line -> line.contains("BundleWiringImpl"))
                .count();
    }

    /** Our classes that are there more than once, and how many instances each has. */
    private static String leftovers(long pid) {
        var all = new TreeMap<String, List<String>>();
        jcmd(pid, "GC.class_histogram")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[3].startsWith("org.ham."))
                .forEach(words ->
                        all.computeIfAbsent(words[3], _ -> new ArrayList<>()).add(words[1]));
        all.values().removeIf(counts -> counts.size() < 2);
        return all.toString();
    }

    private static String jcmd(long pid, String command) {
        try {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
