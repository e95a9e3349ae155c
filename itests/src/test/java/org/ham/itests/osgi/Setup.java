package org.ham.itests.osgi;

import static java.util.Comparator.reverseOrder;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import aQute.bnd.osgi.Builder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ham.itests.plugin.Greet;
import org.ops4j.pax.exam.Option;

/** Sets up frameworks, from outside of them. Stateless. */
final class Setup {
    private Setup() {}

    /** A framework with all our bundles, what they run on, and what the tests need. */
    static Option node() {
        var bundles = Stream.of("kit", "base", "ham")
                .flatMap(folder -> jars(folder).stream())
                .map(jar -> bundle("reference:" + jar.toUri()))
                .toArray(Option[]::new);
        return composite(
                junitBundles(),
                composite(bundles),
                frameworkProperty("ham.run.dir").value(freshFolder().toString()),
                frameworkProperty("felix.log.level").value("1"));
    }

    /** The bundles in one of the folders that the build fills. */
    static List<Path> jars(String folder) {
        var path = Path.of(System.getProperty("ham.bundles"), folder);
        try (var files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no bundles in " + path + "; they are put there by the build", e);
        }
    }

    /** Builds the bundle of the plug-in {@link Greet} as its author would: the class, its annotation, and bnd. */
    static Path plugin(Path folder, String version) {
        return plugin(folder, version, "");
    }

    /** The same with an import more, of packages that nobody has. */
    static Path plugin(Path folder, String version, String imported) {
        return component(folder, Greet.class, version, imported);
    }

    /** Builds the bundle of a component: its package, its annotations, and bnd. */
    static Path component(Path folder, Class<?> component, String version) {
        return component(folder, component, version, "");
    }

    private static Path component(Path folder, Class<?> component, String version, String imported) {
        var name = component.getSimpleName().toLowerCase(Locale.ROOT);
        try (var builder = new Builder()) {
            builder.setBundleSymbolicName("org.example." + name);
            builder.setBundleVersion(version);
            builder.addClasspath(new File(component
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
            for (var jar : jars("ham")) {
                builder.addClasspath(jar.toFile());
            }
            builder.setPrivatePackage(component.getPackageName());
            builder.setImportPackage("!org.jspecify.annotations," + (imported.isEmpty() ? "" : imported + ",") + "*");
            builder.setProperty("-dsannotations", "*");
            var file = folder.resolve(name + "-" + version + ".jar");
            builder.build().write(file.toFile());
            if (!builder.isOk()) {
                throw new IllegalStateException(builder.getErrors() + " " + builder.getWarnings());
            }
            return file;
        } catch (Exception e) {
            throw new IllegalStateException("cannot build the bundle of " + component.getName(), e);
        }
    }

    /** A private folder with a short path, deleted when this JVM ends. */
    static Path freshFolder() {
        try {
            var folder = Files.createTempDirectory("ham-it");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        takeDeadViewAway(folder.resolve("view"));
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException _) {
            // A process that is just being ended may still write; the folder is in the one for temporary files.
        }
    }

    /** A HAM that was killed leaves it mounted for the next one, which there is none of. */
    private static void takeDeadViewAway(Path view) {
        try {
            if (Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + view + " ")) {
                new ProcessBuilder("umount", "-l", view.toString()).start().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
