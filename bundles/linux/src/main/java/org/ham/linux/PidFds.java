package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What can be asked of the descriptor of a process, and of its identity. Thread-safe. */
final class PidFds {
    private static final long PIDFS_MAGIC = 0x50494446L;
    private static final int POLLIN = 1;

    private final String bootId;

    PidFds(String bootId) {
        this.bootId = bootId;
    }

    /** Opens it; the error number below zero when that is not possible, {@code ESRCH} when there is no such process. */
    int open(long pid) {
        int opened = (int) Syscall.call(Syscall.PIDFD_OPEN, pid, 0);
        // The number may be a thread's by now: the kernel says EINVAL then, and later ones ENOENT.
        return opened == -Errno.EINVAL || opened == -Errno.ENOENT ? -Errno.ESRCH : opened;
    }

    /** Whether the process is dead, reaped or not. True of a process only when its last thread is gone. */
    boolean isDead(int pidfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(8, 8);
            poll.set(ValueLayout.JAVA_INT, 0, pidfd);
            poll.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
            MemorySegment atOnce = arena.allocate(16, 8);
            return Syscall.call(Syscall.PPOLL, poll.address(), 1, atOnce.address(), 0, 8, 0) != 0;
        }
    }

    /** Whether the process is gone altogether, so that its pid may be used again. */
    boolean isReaped(int pidfd) {
        return send(pidfd, 0, 0, 0) == -Errno.ESRCH;
    }

    /** Sends a signal; 0 or the error number below zero. */
    long send(int pidfd, int signal, long info, int flags) {
        return Syscall.call(Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, info, flags);
    }

    /** Which process a descriptor stands for; empty when it is gone. */
    Optional<ProcessRef> identify(int pidfd, long pid) {
        Optional<ProcStat> stat = ProcStat.of(pid);
        if (stat.isEmpty() || isReaped(pidfd)) {
            return Optional.empty();
        }
        return Optional.of(new ProcessRef(pid, stat.get().startTime(), inode(pidfd), bootId));
    }

    /**
     * The same for a descriptor that came with a pid, such as a peer's: of a process that is gone by now at least the
     * inode is known where the kernel has it.
     */
    Optional<ProcessRef> identifyEvenGone(int pidfd, long pid) {
        return identify(pidfd, pid).or(() -> {
            long inode = inode(pidfd);
            return inode == 0 ? Optional.empty() : Optional.of(new ProcessRef(pid, 0, inode, bootId));
        });
    }

    /** Whether a descriptor that was opened by pid stands for exactly this process. */
    boolean matches(int pidfd, ProcessRef process) {
        if (!process.bootId().equals(bootId)) {
            return false;
        }
        long inode = process.inode() == 0 ? 0 : inode(pidfd);
        if (inode != 0) {
            return inode == process.inode();
        }
        return identify(pidfd, process.pid())
                .map(found -> process.startTime() == 0 || found.startTime() == process.startTime())
                .orElse(false);
    }

    /** The inode in pidfs; 0 before Linux 6.9, where all of them share one. */
    private static long inode(int pidfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(256, 8);
            if (Syscall.call(Syscall.FSTATFS, pidfd, buffer.address()) != 0
                    || buffer.get(ValueLayout.JAVA_LONG, 0) != PIDFS_MAGIC) {
                return 0;
            }
            return Syscall.call(Syscall.FSTAT, pidfd, buffer.address()) == 0 ? buffer.get(ValueLayout.JAVA_LONG, 8) : 0;
        }
    }
}
