package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * Which process, beyond doubt: a pid is reused, and two processes of one pid can even share a start time. Immutable.
 *
 * @param pid the process number, at least 1
 * @param startTime when it started, in clock ticks since boot (field 22 of {@code /proc/PID/stat})
 * @param inode the inode of its pidfd, unique until the next boot; 0 where the kernel has none
 * @param boot the boot id of the kernel it runs on
 */
public record ProcessId(long pid, long startTime, long inode, String boot) {
    /** Checks the pid. */
    public ProcessId {
        if (pid < 1) {
            throw new HamException(HamException.Code.INVALID, "pid " + pid + " is not a process; give a pid above 0");
        }
        requireNonNull(boot, "boot");
    }

    @Override
    public String toString() {
        return Long.toString(pid);
    }
}
