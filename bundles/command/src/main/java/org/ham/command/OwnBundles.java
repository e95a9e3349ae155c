package org.ham.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ham.config.PluginJar;
import org.osgi.framework.Version;

/**
 * The bundles that run instead of a distribution's own, because the plug-in folder has newer ones of the same names. A node keeps
 * copies of them in the run-dir: what it and its Guardians run is what was chosen, whatever happens to the folder meanwhile.
 * Stateless.
 */
final class OwnBundles {
    private static final Logger LOG = System.getLogger(OwnBundles.class.getName());

    /** Tells a node which ones were chosen; paths of copies, separated by colons. */
    static final String PROPERTY = "ham.bundles.own";

    private static final String REJECTED = "rejected";
    private static final int KEPT = 20;

    private OwnBundles() {}

    /** A jar with its symbolic name. */
    private record Named(Path jar, String name, Version version) {}

    /** The jars of a distribution with those that run in their place. */
    static List<Path> inPlace(Collection<Path> distribution, Collection<Path> chosen) {
        if (chosen.isEmpty()) {
            // The usual case, in which no jar need be opened for it.
            return List.copyOf(distribution);
        }
        var byName = new TreeMap<String, Path>();
        chosen.forEach(jar -> name(jar).ifPresent(named -> byName.put(named.name(), jar)));
        return distribution.stream()
                .map(jar -> name(jar).map(named -> byName.get(named.name())).orElse(jar))
                .toList();
    }

    /** What was chosen by the HAM that started this node. */
    static List<Path> given(String property) {
        return property.isEmpty()
                ? List.of()
                : List.of(property.split(":")).stream().map(Path::of).toList();
    }

    /** Looks through the plug-in folder, and keeps copies of those that are to run. */
    static List<Path> choose(Path home, Path plugins, Path store) {
        try {
            var found = jars(plugins);
            Map<String, Named> own = found.isEmpty() ? Map.of() : own(home);
            var chosen = new ArrayList<Path>();
            for (var jar : found) {
                var named = name(jar);
                var ours = named.map(one -> own.get(one.name()));
                if (ours.isPresent()) {
                    choose(named.get(), ours.get(), store).ifPresent(chosen::add);
                }
            }
            tidy(store, chosen);
            return chosen;
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "Newer bundles in {0} are left out: {1}", plugins, e.getMessage());
            return List.of();
        }
    }

    private static Optional<Path> choose(Named found, Named ours, Path store) throws IOException {
        if (found.version().compareTo(ours.version()) < 0) {
            LOG.log(
                    Level.WARNING,
                    "{0} is left out: version {1} is older than the distribution''s {2}",
                    found.jar(),
                    found.version(),
                    ours.version());
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(found.jar());
        var digest = digest(bytes);
        if (rejected(store).contains(digest)) {
            LOG.log(Level.WARNING, "{0} is left out: it did not come up before", found.jar());
            return Optional.empty();
        }
        Files.createDirectories(store);
        var copy = store.resolve(digest.substring(0, 16) + "-" + found.jar().getFileName());
        if (!Files.exists(copy)) {
            var fresh = store.resolve(copy.getFileName() + ".new");
            Files.write(fresh, bytes);
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
        }
        LOG.log(Level.INFO, "{0} runs instead of {1}", found.jar(), ours.jar().getFileName());
        return Optional.of(copy);
    }

    private static List<String> rejected(Path store) throws IOException {
        var file = store.resolve(REJECTED);
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> line.split(" ", 2)[0])
                        .toList()
                : List.of();
    }

    private static Map<String, Named> own(Path home) throws IOException {
        var own = new TreeMap<String, Named>();
        for (var jar : jars(home.resolve("bundles"))) {
            name(jar).ifPresent(named -> own.put(named.name(), named));
        }
        return own;
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Named> name(Path jar) {
        var found = PluginJar.read(jar)
                .map(bundle -> new Named(jar, bundle.symbolicName(), Version.parseVersion(bundle.version())));
        if (found.isEmpty()) {
            LOG.log(Level.WARNING, "{0} is no bundle, or not whole", jar);
        }
        return found;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java machine has SHA-256", e);
        }
    }

    /** Copies that no living node runs are not needed; the newest stay, because nobody here knows which those are. */
    private static void tidy(Path store, List<Path> chosen) throws IOException {
        var copies = jars(store).stream()
                .filter(jar -> !chosen.contains(jar))
                .sorted(Comparator.comparing((Path jar) -> jar.toFile().lastModified())
                        .reversed())
                .toList();
        for (var copy : copies.subList(Math.min(KEPT, copies.size()), copies.size())) {
            Files.deleteIfExists(copy);
        }
    }
}
