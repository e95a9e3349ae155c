package org.ham.linux;

import static java.util.Objects.requireNonNull;

/**
 * Which process, beyond doubt: a pid is reused, and two processes of one pid can even share a start time. Immutable.
 *
 * @param pid the process number, at least 1
 * @param startTime when it started, in clock ticks since boot (field 22 of {@code /proc/PID/stat}); 0 if not known
 * @param inode the inode of its pidfd, unique until the next boot; 0 where the kernel has none
 * @param bootId the boot id of the kernel it runs on
 */
public record ProcessRef(long pid, long startTime, long inode, String bootId) {
    /** Checks the pid. */
    public ProcessRef {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid " + pid + " is not a process");
        }
        requireNonNull(bootId, "bootId");
    }

    /**
     * Whether both are the same process as far as both know: the inode tells where both have one, else the start time, which
     * two processes of one pid may share.
     */
    public boolean isSameAs(ProcessRef other) {
        if (pid != other.pid || !bootId.equals(other.bootId)) {
            return false;
        }
        if (inode != 0 && other.inode != 0) {
            return inode == other.inode;
        }
        return startTime != 0 && startTime == other.startTime;
    }
}
