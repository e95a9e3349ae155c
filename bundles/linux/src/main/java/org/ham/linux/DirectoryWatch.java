package org.ham.linux;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Tells when something in a directory changes. Thread-safe. */
@ProviderType
public interface DirectoryWatch {
    /**
     * Calls back after files in a directory were written, created, moved in or out, or deleted; several changes may come
     * as one call. The directory itself only, not what is below its folders.
     *
     * @param changed called on the thread that is in {@link Reactor#await}
     * @return closing it ends the watch
     * @throws LinuxException when the directory cannot be watched
     */
    AutoCloseable watch(Path directory, Runnable changed);
}
