package org.ham.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the entity folder, each read again when its content changed. Confined to the config thread. */
final class EntityFolder {
    private static final int MOST_BYTES = (1 << 20) + 1;

    /**
     * A file as it was read.
     *
     * @param digest of its content
     * @param parsed what it says
     */
    record Loaded(String digest, EntityFile parsed) {}

    private final Path conf;
    private final Path folder;
    private final Map<String, Loaded> cache = new HashMap<>();

    EntityFolder(Path conf) {
        this.conf = conf;
        this.folder = conf.resolve("entities");
    }

    Path path() {
        return folder;
    }

    /** The files by their names, in order; empty when there is no such folder. */
    Optional<Map<String, Loaded>> read() throws IOException {
        var files = new TreeMap<String, Loaded>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*.yaml")) {
            for (var path : paths) {
                var name = String.valueOf(path.getFileName());
                if (!name.startsWith(".") && name.chars().noneMatch(Character::isISOControl)) {
                    files.put(name, load(name, path));
                }
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        cache.keySet().retainAll(files.keySet());
        return Optional.of(files);
    }

    private Loaded load(String name, Path path) {
        byte[] content;
        if (!Files.isRegularFile(path)) {
            // Opening a pipe would wait for somebody to write to it.
            return new Loaded("", new EntityFile(List.of(), List.of(name + ": cannot be read: it is no regular file")));
        }
        try (var in = Files.newInputStream(path)) {
            content = in.readNBytes(MOST_BYTES);
        } catch (IOException e) {
            return new Loaded("", new EntityFile(List.of(), List.of(name + ": cannot be read: " + e)));
        }
        var digest = digest(content);
        var known = cache.get(name);
        if (known != null && known.digest().equals(digest)) {
            return known;
        }
        var loaded = new Loaded(digest, EntityFile.parse(conf, name, content));
        cache.put(name, loaded);
        return loaded;
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
