package org.ham.guardian;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The jars of the plug-in folder that did not come up, in a file: a line each, SHA-256 and path. Nodes leave them out when they
 * start. Thread-safe as far as files are.
 */
record Rejects(Path file) {
    private static final Logger LOG = System.getLogger(Rejects.class.getName());
    private static final int MOST = 1000;

    /** So many digits of a checksum stand in the name of a copy. */
    static final int DIGEST_SHOWN = 16;

    /** Those of an instance. */
    static Rejects in(RunDir runDir) {
        return new Rejects(runDir.path().resolve("own").resolve("rejected"));
    }

    /** How jars are named in the file. */
    List<String> name(List<Path> jars) throws IOException {
        var names = new ArrayList<String>();
        for (var jar : jars) {
            names.add(digest(Files.readAllBytes(jar)) + " " + jar);
        }
        return names;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java machine has SHA-256", e);
        }
    }

    /** Whether a jar of that name did not come up, wherever it was. */
    boolean has(String name) {
        var digest = name.split(" ", 2)[0];
        return lines().stream().anyMatch(line -> line.startsWith(digest));
    }

    /** The path in a name. */
    static String path(String name) {
        return name.substring(name.indexOf(' ') + 1);
    }

    /** What was at this path may be tried again; whether it had not come up. */
    boolean forget(Path jar) {
        var lines = lines();
        var rest = lines.stream().filter(line -> !line.endsWith(" " + jar)).toList();
        if (rest.size() == lines.size()) {
            return false;
        }
        try {
            Files.write(file, rest);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Will not be tried again: " + jar, e);
        }
        return true;
    }

    private List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What did not come up before cannot be read", e);
            return List.of();
        }
    }

    /** Adds jars by such names. */
    void add(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file) && Files.readAllLines(file).size() > MOST) {
                Files.delete(file);
            }
            Files.write(file, names, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Will be tried again at the next start though it failed: " + names, e);
        }
    }
}
