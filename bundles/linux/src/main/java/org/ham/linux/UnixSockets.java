package org.ham.linux;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Stream sockets in the file system, which know who is at the other end. Thread-safe. */
@ProviderType
public interface UnixSockets {
    /**
     * Listens under a path. It binds a temporary name and renames it over the path, so that a stale socket is replaced in
     * one step and no client ever meets a half-made one.
     *
     * @param mode the permission bits of the socket file, such as 0600
     * @throws LinuxException when that is not possible
     */
    UnixListener listen(Path path, int mode);

    /**
     * Connects to a listener.
     *
     * @throws LinuxException {@code ENOENT} or {@code ECONNREFUSED} when nobody listens
     */
    UnixConnection connect(Path path);
}
