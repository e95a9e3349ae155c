package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Finds out how a dead process ended, from the surest source that has it: {@code waitid} for a child (and reaps it), the
 * zombie's {@code stat} for any other, and once it is reaped what pidfs keeps, or where the kernel keeps nothing what it
 * announced. Never guesses. Confined to its owner's lock.
 */
final class ExitReasons {
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int SIGINFO_CODE = 8;
    private static final int SIGINFO_PID = 16;
    private static final int SIGINFO_STATUS = 24;
    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;

    /** {@code _IOWR(0xFF, 11, struct pidfd_info)} with the first published size of the structure. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final long PIDFD_INFO_EXIT = 1 << 3;
    private static final int INFO_EXIT_STATUS = 60;

    private final PidFds pidFds;

    /** Listened to instead of asking pidfs; empty where that can be asked. */
    private final Optional<ProcConnector> announcements;

    private final MemorySegment info = Arena.ofAuto().allocate(128, 8);

    ExitReasons(PidFds pidFds, Optional<ProcConnector> announcements) {
        this.pidFds = pidFds;
        this.announcements = announcements;
    }

    /** Whether the kernel tells of a process that was reaped, to whoever opened its descriptor before: Linux 6.15. */
    static boolean reapedAreTold(int ownPidfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(128, 8);
            info.set(ValueLayout.JAVA_LONG, 0, PIDFD_INFO_EXIT);
            return ProcFs.kernelAtLeast(6, 15)
                    && Syscall.call(Syscall.IOCTL, ownPidfd, PIDFD_GET_INFO, info.address()) == 0;
        }
    }

    /** Sets what is done after announcements were lost: who lives still is to be expected anew. */
    void whenLost(Runnable task) {
        announcements.ifPresent(connector -> connector.whenLost(task));
    }

    /** To be called before it is made sure that a process lives which is no child. */
    void expect(ProcessRef process) {
        announcements.ifPresent(connector -> connector.expect(process));
    }

    /** To be called when nobody will ask about the process any more. */
    void forget(ProcessRef process) {
        announcements.ifPresent(connector -> connector.forget(process));
    }

    /** How it ended; empty when that is not known yet, {@link ExitStatus#UNKNOWN} when it never will be. */
    Optional<ExitStatus> read(int pidfd, ProcessRef process) {
        Optional<ExitStatus> status = reap(pidfd).or(() -> ofZombie(pidfd, process));
        if (status.isPresent()) {
            return status;
        }
        if (announcements.isPresent()) {
            return announced(announcements.get(), pidfd, process);
        }
        status = ofReaped(pidfd);
        if (status.isPresent() || !pidFds.isReaped(pidfd)) {
            return status;
        }
        // It may have been reaped since the last question.
        return ofReaped(pidfd).or(() -> Optional.of(ExitStatus.UNKNOWN));
    }

    /** A zombie that keeps its secret may still be reaped by a parent and tell it then, as may one that was not announced. */
    private Optional<ExitStatus> announced(ProcConnector connector, int pidfd, ProcessRef process) {
        Optional<ExitStatus> status = connector.of(process);
        boolean unknown = status.filter(ExitStatus.UNKNOWN::equals).isPresent();
        return unknown && !pidFds.isReaped(pidfd) ? Optional.empty() : status;
    }

    private Optional<ExitStatus> reap(int pidfd) {
        // Stays 0 when there is nothing to reap.
        info.set(ValueLayout.JAVA_INT, SIGINFO_PID, 0);
        long result = Syscall.call(Syscall.WAITID, P_PIDFD, pidfd, info.address(), WEXITED | WNOHANG);
        if (result != 0 || info.get(ValueLayout.JAVA_INT, SIGINFO_PID) == 0) {
            return Optional.empty();
        }
        int code = info.get(ValueLayout.JAVA_INT, SIGINFO_CODE);
        int value = info.get(ValueLayout.JAVA_INT, SIGINFO_STATUS);
        return Optional.of(
                code == CLD_EXITED ? ExitStatus.exited(value) : ExitStatus.signalled(value, code == CLD_DUMPED));
    }

    private Optional<ExitStatus> ofZombie(int pidfd, ProcessRef process) {
        Optional<ProcStat> stat = ProcStat.of(process.pid());
        // Still unreaped afterwards: the pid cannot have been used again before.
        if (stat.isEmpty() || !stat.get().isZombie() || pidFds.isReaped(pidfd)) {
            return Optional.empty();
        }
        int status = stat.get().exitStatus();
        // A reader without rights is shown a 0 too; "io" is guarded by the same rights.
        if (status == 0 && ProcFs.read("/proc/" + process.pid() + "/io", 16).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ExitStatus.ofWaitStatus(status));
    }

    private Optional<ExitStatus> ofReaped(int pidfd) {
        info.set(ValueLayout.JAVA_LONG, 0, PIDFD_INFO_EXIT);
        if (Syscall.call(Syscall.IOCTL, pidfd, PIDFD_GET_INFO, info.address()) != 0
                || (info.get(ValueLayout.JAVA_LONG, 0) & PIDFD_INFO_EXIT) == 0) {
            return Optional.empty();
        }
        return Optional.of(ExitStatus.ofWaitStatus(info.get(ValueLayout.JAVA_INT, INFO_EXIT_STATUS)));
    }
}
