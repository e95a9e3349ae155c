package org.ham.linux;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** File systems whose files are made by this process, through the kernel's FUSE. Read-only ones. Thread-safe. */
@ProviderType
public interface FuseMounts {
    /**
     * Mounts a file system over a folder. It is there for this user only, and stays, dead, when this process dies: whoever
     * looks at it then gets {@code ENOTCONN}, until somebody detaches it.
     *
     * <p>Root mounts by itself; another user needs the program {@code fusermount3}, which is waited for at most ten seconds.
     *
     * @param directory an existing folder
     * @throws LinuxException when that is not possible: {@code ENOENT} where the machine has no {@code /dev/fuse} or no such
     *     folder, {@code EBUSY} when something else is mounted there
     */
    FuseMount mount(Path directory);

    /** Whether something that {@link #mount} made is mounted on a folder, dead or alive. */
    boolean isMounted(Path directory);

    /**
     * Takes away all that {@link #mount} made on a folder, by whatever process; does nothing when there is none. Who has a file
     * of it open keeps it.
     *
     * @throws LinuxException when the kernel refuses it
     */
    void detach(Path directory);
}
