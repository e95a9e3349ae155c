package org.ham.itests.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Builds the bundles of the distribution anew, with the same content and other micro versions. */
final class NewVersions {
    private final Path folder;

    /** The bundles of the distribution by their symbolic names. */
    private final Map<String, Path> originals = new LinkedHashMap<>();

    NewVersions(Path folder) {
        this.folder = folder;
        try (var jars = Files.list(Path.of(System.getProperty("ham.dist"), "bundles"))) {
            jars.sorted().forEach(jar -> originals.put(name(jar), jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> names() {
        return List.copyOf(originals.keySet());
    }

    private static String name(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getManifest()
                    .getMainAttributes()
                    .getValue("Bundle-SymbolicName")
                    .split(";")[0]
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the jar of a bundle is called in the distribution. */
    String fileName(String name) {
        return String.valueOf(Objects.requireNonNull(originals.get(name), name).getFileName());
    }

    /** The version of a bundle that is higher by so much. */
    String version(String name, int higher) {
        try (var jar = new JarFile(original(name).toFile())) {
            return version(jar.getManifest().getMainAttributes(), higher);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path original(String name) {
        var original = originals.get(name);
        if (original == null) {
            throw new AssertionError("no bundle " + name + " in " + originals.keySet());
        }
        return original;
    }

    /** A bundle with a micro version that is higher by so much. */
    Path build(String name, int higher) {
        return build(name, higher, _ -> {});
    }

    /** The same with other changes to its manifest. */
    Path build(String name, int higher, Consumer<Attributes> change) {
        var original = original(name);
        var fresh = folder.resolve(name + "-" + higher + ".jar");
        try (var from = new JarFile(original.toFile())) {
            var manifest = new Manifest(from.getManifest());
            var main = manifest.getMainAttributes();
            main.putValue("Bundle-Version", version(main, higher));
            change.accept(main);
            try (var to = new JarOutputStream(Files.newOutputStream(fresh), manifest)) {
                for (var entry : entries(from)) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    try (var content = from.getInputStream(entry)) {
                        content.transferTo(to);
                    }
                    to.closeEntry();
                }
            }
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but the manifest, and the signature that would not fit any more. */
    private static List<JarEntry> entries(JarFile jar) {
        var found = new ArrayList<JarEntry>();
        jar.stream()
                .filter(entry -> !entry.getName().equals(JarFile.MANIFEST_NAME)
                        && !entry.getName().matches("META-INF/[^/]*\\.(SF|RSA|DSA)"))
                .forEach(found::add);
        return found;
    }

    private static String version(Attributes main, int higher) {
        var parts = new ArrayList<>(List.of(main.getValue("Bundle-Version").split("\\.")));
        while (parts.size() < 3) {
            parts.add("0");
        }
        return parts.get(0) + "." + parts.get(1) + "." + (Integer.parseInt(parts.get(2)) + higher);
    }
}
