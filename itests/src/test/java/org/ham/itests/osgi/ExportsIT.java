package org.ham.itests.osgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manifests of our bundles let out. */
final class ExportsIT {
    private static final Pattern PACKAGE = Pattern.compile("(?:^|,)([a-z.]+)(?:;[^,\"]*(?:\"[^\"]*\")?)*");

    private static final Pattern REFERENCE = Pattern.compile("<reference [^>]*>");

    @Test
    void onlyApiSpiLinuxJournalAndTheClientsAreExported() {
        var exports = new TreeMap<String, Set<String>>();
        for (var jar : Setup.jars("ham")) {
            exports.put(header(jar, "Bundle-SymbolicName"), packages(header(jar, "Export-Package")));
        }
        assertThat(exports).hasSizeGreaterThanOrEqualTo(13);
        exports.values().removeIf(Set::isEmpty);
        assertThat(exports)
                .isEqualTo(Map.of(
                        "org.ham.api", Set.of("org.ham.api", "org.ham.spi"),
                        "org.ham.linux", Set.of("org.ham.linux"),
                        "org.ham.journal", Set.of("org.ham.journal"),
                        "org.ham.client", Set.of("org.ham.client"),
                        "org.ham.recovery", Set.of("org.ham.recovery"),
                        "org.ham.recovery.ham", Set.of("org.ham.recovery.ham"),
                        "org.ham.recovery.osgi", Set.of("org.ham.recovery.osgi")));
    }

    @Test
    void everyBundleStatesItsJavaAndImportsNothingDynamically() {
        assertThat(Setup.jars("ham"))
                .allSatisfy(jar ->
                        assertThat(header(jar, "Require-Capability")).contains("(&(osgi.ee=JavaSE)(version=25))"))
                .allSatisfy(
                        jar -> assertThat(header(jar, "DynamicImport-Package")).isEmpty())
                .allSatisfy(jar -> assertThat(header(jar, "Bundle-Activator")).isEmpty());
    }

    /** A service is registered before its component is activated: only a reference that is got waits for that. */
    @Test
    void everyReferenceIsGotUnlessItOnlyAsksForTheRole() {
        assertThat(Setup.jars("ham").stream().flatMap(ExportsIT::references).toList())
                .hasSizeGreaterThan(20)
                .allSatisfy(reference -> assertThat(reference)
                        .containsAnyOf("parameter=", "bind=", "interface=\"org.ham.spi.Primary\""));
    }

    private static Stream<String> references(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            var found = new ArrayList<String>();
            for (var entry : file.stream()
                    .filter(e -> e.getName().matches("OSGI-INF/.*\\.xml"))
                    .toList()) {
                try (var in = file.getInputStream(entry)) {
                    REFERENCE
                            .matcher(new String(in.readAllBytes(), UTF_8))
                            .results()
                            .forEach(match -> found.add(entry.getName() + ": " + match.group()));
                }
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> packages(String header) {
        return PACKAGE.matcher(header).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static String header(Path jar, String name) {
        try (var file = new JarFile(jar.toFile())) {
            var value = file.getManifest().getMainAttributes().getValue(name);
            return value == null ? "" : value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
