package org.ham.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The descriptors this process has open. Thread-safe. */
final class OwnDescriptors {
    private OwnDescriptors() {}

    /** All of them from a number on, at this moment. */
    static List<Integer> from(int first) {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path path : open) {
                int fd = Integer.parseInt(path.getFileName().toString());
                if (fd >= first) {
                    found.add(fd);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
