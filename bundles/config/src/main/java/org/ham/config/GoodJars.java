package org.ham.config;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The last jar of each plug-in that came up, in a folder of the run-dir, so that the next HAM has them too. Confined to one thread. */
final class GoodJars {
    private static final System.Logger LOG = System.getLogger("org.ham.config");

    private final Path folder;

    GoodJars(Path folder) {
        this.folder = folder;
    }

    /** This one has come up. */
    void keep(Path jar) {
        var fresh = folder.resolve(jar.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
            Files.copy(jar, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, file(jar), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} is not kept for the case that a later one does not start: {1}", jar, e);
        }
    }

    /** The last of this name that came up. */
    Optional<Path> of(Path jar) {
        return Optional.of(file(jar)).filter(Files::isReadable);
    }

    void forget(Path jar) {
        try {
            Files.deleteIfExists(file(jar));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} is left behind: {1}", file(jar), e);
        }
    }

    private Path file(Path jar) {
        return folder.resolve(jar.getFileName());
    }
}
