package org.ham.detector.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/**
 * The files that started processes write to. Those in the run-dir's log folder are bounded: before a start, a file above
 * {@value #LARGEST} bytes becomes {@code NAME.log.1} and takes the place of an older one. A file given by an absolute
 * path is the user's own and only appended to. Thread-safe.
 */
final class OutputFiles {
    /** How large a file may be when a process is started that appends to it. */
    static final long LARGEST = 16L << 20;

    private final Path folder;

    OutputFiles(Path folder) {
        this.folder = folder;
    }

    /** Where a start's output goes, without touching anything. */
    Path path(String name, Optional<String> output) {
        String text = output.orElse(name + ".log");
        Path path = folder.resolve(Paths.of("output", text)).normalize();
        boolean isOwn = path.startsWith(folder) && !path.equals(folder);
        if (text.isBlank() || !isOwn && !text.startsWith("/")) {
            throw new HamException(
                    Code.INVALID,
                    "output: '" + text + "' leaves the log folder " + folder
                            + "; give a name inside it or an absolute path");
        }
        return path;
    }

    /** Makes room for a start: the folder is there, the file is not too large. */
    Path prepare(String name, Optional<String> output) {
        Path path = path(name, output);
        if (!path.startsWith(folder)) {
            return path;
        }
        try {
            Path parent = path.getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                Files.createDirectories(
                        parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (Files.isRegularFile(path) && Files.size(path) > LARGEST) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new HamException(Code.FAILED, "output: " + path + " cannot be prepared: " + e, e);
        }
        return path;
    }
}
