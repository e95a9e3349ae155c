package org.ham.itests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the manifests of our bundles let out. */
final class ExportsIT {
    private static final Pattern PACKAGE = Pattern.compile("(?:^|,)([a-z.]+)(?:;[^,\"]*(?:\"[^\"]*\")?)*");

    @Test
    void onlyApiSpiLinuxAndJournalAreExported() {
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
                        "org.ham.journal", Set.of("org.ham.journal")));
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
