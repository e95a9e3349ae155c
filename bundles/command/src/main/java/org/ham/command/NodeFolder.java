package org.ham.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/**
 * What one node keeps on disk for itself: its framework's storage, in a folder named after its pid, and its log. Closing it
 * deletes the storage.
 *
 * @param runDir the run-dir
 * @param pid this process
 */
record NodeFolder(Path runDir, long pid) implements AutoCloseable {
    private static final String PREFIX = "node-";

    /** Makes the folders and removes those that dead nodes left behind; throws with a sentence for people. */
    static NodeFolder make(Path runDir) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        // The only name of a process that is there before any bundle is.
        var folder = new NodeFolder(
                runDir,
                Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString()));
        try {
            if (!Files.isDirectory(runDir)) {
                Files.createDirectories(runDir.getParent());
                Files.createDirectory(runDir, owner);
            }
            folder.removeStale();
            delete(folder.storage());
            Files.createDirectory(folder.storage(), owner);
            Files.createDirectories(folder.log());
        } catch (FileAlreadyExistsException e) {
            throw refusal(runDir, e.getFile() + " is in the way and no folder", e);
        } catch (AccessDeniedException e) {
            throw refusal(runDir, "no permission for " + e.getFile(), e);
        } catch (IOException e) {
            throw refusal(runDir, String.valueOf(e.getMessage()), e);
        }
        return folder;
    }

    private static IOException refusal(Path runDir, String why, IOException cause) {
        return new IOException(
                "run-dir " + runDir + " cannot be used: " + why + "; give another one with --run-dir or HAM_RUN_DIR",
                cause);
    }

    private void removeStale() throws IOException {
        try (var nodes = Files.newDirectoryStream(runDir, PREFIX + "*")) {
            for (var node : nodes) {
                if (!isAlive(node.getFileName().toString().substring(PREFIX.length()))) {
                    delete(node);
                }
            }
        }
    }

    /** Whether a process of that number lives. */
    static boolean isAlive(String pid) {
        return pid.matches("\\d+") && Files.exists(Path.of("/proc", pid));
    }

    /** The framework's storage. */
    Path storage() {
        return runDir.resolve(PREFIX + pid);
    }

    /** Where the logs are. */
    Path log() {
        return runDir.resolve("log");
    }

    /** Copies of the bundles that run in place of the distribution's. */
    Path ownBundles() {
        return runDir.resolve("own");
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(NodeFolder::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        delete(storage());
    }
}
