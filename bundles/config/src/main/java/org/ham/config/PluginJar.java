package org.ham.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What the jar of a bundle says of itself. Immutable.
 *
 * @param symbolicName what the bundle is called
 * @param version its version
 */
public record PluginJar(String symbolicName, String version) {
    /** Reads it; empty for what is no bundle, or is not whole. */
    public static Optional<PluginJar> read(Path file) {
        try (var jar = new JarFile(file.toFile())) {
            var manifest = jar.getManifest();
            var name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null || name.isBlank()) {
                return Optional.empty();
            }
            var version = manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION);
            return Optional.of(new PluginJar(
                    name.split(";", 2)[0].strip(),
                    Version.parseVersion(version == null ? "0" : version).toString()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
