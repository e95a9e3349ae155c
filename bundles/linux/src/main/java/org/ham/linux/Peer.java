package org.ham.linux;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Who is at the other end of a socket, as the kernel vouches for it. Immutable.
 *
 * @param pid its process when it connected or sent; 0 when it is none that this one can see, in another pid namespace
 * @param uid its user
 * @param gid its group
 * @param process which process that is, beyond a reused pid (its start time is 0 if it was gone before it could be asked);
 *     empty where the kernel does not tell: before Linux 6.5, and of a process that died before it could be asked
 */
public record Peer(long pid, long uid, long gid, Optional<ProcessRef> process) {
    /** Refuses a missing part. */
    public Peer {
        requireNonNull(process, "process");
    }

    /** One whose process is not known beyond its pid. */
    public Peer(long pid, long uid, long gid) {
        this(pid, uid, gid, Optional.empty());
    }

    /** The user this process acts as, to compare with. */
    public static long ownUid() {
        return Users.effective();
    }
}
