package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/** Signals through the descriptor of the process. Thread-safe. */
final class PidfdSignals implements Signals {
    private static final int HIGHEST = 64;
    private static final int SI_QUEUE = -1;
    private static final int TO_GROUP = 1 << 2;

    private final ProcessTable processes;

    PidfdSignals(ProcessTable processes) {
        this.processes = processes;
    }

    @Override
    public void send(ProcessRef process, int signal) {
        deliver(process, signal, pidfd -> processes.pidFds().send(pidfd, signal, 0, 0));
    }

    @Override
    public void send(ProcessRef process, int signal, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(128, 8);
            info.set(ValueLayout.JAVA_INT, 0, signal);
            info.set(ValueLayout.JAVA_INT, 8, SI_QUEUE);
            info.set(ValueLayout.JAVA_INT, 16, (int) processes.self().pid());
            info.set(ValueLayout.JAVA_INT, 20, (int) Users.effective());
            info.set(ValueLayout.JAVA_INT, 24, value);
            deliver(process, signal, pidfd -> processes.pidFds().send(pidfd, signal, info.address(), 0));
        }
    }

    @Override
    public void sendToGroup(ProcessRef leader, int signal) {
        deliver(leader, signal, pidfd -> {
            if (ProcStat.of(leader.pid()).map(ProcStat::group).orElse(0L) != leader.pid()) {
                throw new LinuxException("process " + leader.pid() + " leads no process group", Errno.EINVAL);
            }
            long result = processes.pidFds().send(pidfd, signal, 0, TO_GROUP);
            // Linux before 6.9. The leader was alive a moment ago, and a group keeps its number while it has members.
            return result == -Errno.EINVAL ? Syscall.call(Syscall.KILL, -leader.pid(), signal) : result;
        });
    }

    private void deliver(ProcessRef process, int signal, IntToLongFunction send) {
        if (signal < 0 || signal > HIGHEST) {
            throw new LinuxException("there is no signal " + signal, Errno.EINVAL);
        }
        Optional<Long> result = processes.with(
                process, pidfd -> processes.pidFds().isDead(pidfd) ? -Errno.ESRCH : send.applyAsLong(pidfd));
        long errno = result.orElse((long) -Errno.ESRCH);
        if (errno == -Errno.ESRCH) {
            throw new LinuxException("process " + process.pid() + " is dead", Errno.ESRCH);
        }
        if (errno < 0) {
            throw Errno.failure(Signals.name(signal) + " cannot be sent to process " + process.pid(), errno);
        }
    }
}
