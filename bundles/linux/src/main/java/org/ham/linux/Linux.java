package org.ham.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operating system, opened. One of these for a process: it reaps the children of the process as they die, and only
 * while its {@link #reactor} is waited on. Thread-safe.
 */
public final class Linux implements AutoCloseable {
    private final EpollReactor reactor;
    private final ProcessTable processes;
    private final PidfdSignals signals;
    private final InotifyWatch directories;
    private final NativeSockets sockets;
    private final KernelFuse mounts;
    private final RobustFutexes futexes;
    private final Urgency urgency;
    private final Clocks clocks = new KernelClocks();
    private final String bootId;
    private final ProcConnector announcements;
    private final boolean reapedAreTold;

    /** Whether pidfs tells how a process ended that somebody else has reaped. */
    private interface ReapedTold {
        boolean by(PidFds pidFds);
    }

    private Linux(ReapedTold reapedTold, int announcementBuffer, Urgency urgency) {
        this.urgency = urgency;
        futexes = new KernelFutexes(urgency);
        bootId = ProcFs.bootId();
        reactor = new EpollReactor();
        PidFds pidFds = new PidFds(bootId);
        announcements = new ProcConnector(reactor, announcementBuffer);
        reapedAreTold = reapedTold.by(pidFds);
        ExitReasons reasons = new ExitReasons(pidFds, reapedAreTold ? Optional.empty() : Optional.of(announcements));
        processes = new ProcessTable(reactor, pidFds, new Spawner(), reasons);
        signals = new PidfdSignals(processes);
        directories = new InotifyWatch(reactor);
        Peers peers = new Peers(pidFds);
        sockets = new NativeSockets(reactor, peers);
        mounts = new KernelFuse(sockets.poller(), new FuseHelper(processes, peers));
    }

    /**
     * Opens it.
     *
     * @throws LinuxException when the kernel is too old or the machine is neither x86_64 nor aarch64
     */
    public static Linux open() {
        return new Linux(Linux::askOwnDescriptor, ProcConnector.USUAL_BUFFER, new KernelUrgency());
    }

    /** The same, with all threads left as they are. */
    static Linux openUnhurried() {
        return new Linux(Linux::askOwnDescriptor, ProcConnector.USUAL_BUFFER, () -> false);
    }

    /** The same as it is before Linux 6.15. */
    static Linux openAsOnOlderKernel(int announcementBuffer) {
        return new Linux(pidFds -> false, announcementBuffer, new KernelUrgency());
    }

    private static boolean askOwnDescriptor(PidFds pidFds) {
        int pidfd = pidFds.open(ProcessHandle.current().pid());
        if (pidfd < 0) {
            throw Errno.failure("this process cannot be watched; HAM needs Linux 5.4", pidfd);
        }
        try {
            return ExitReasons.reapedAreTold(pidfd);
        } finally {
            Syscall.close(pidfd);
        }
    }

    /** Starts, finds and watches processes. */
    public Processes processes() {
        return processes;
    }

    /** Sends signals. */
    public Signals signals() {
        return signals;
    }

    /** The place to wait. */
    public Reactor reactor() {
        return reactor;
    }

    /** Watches directories. */
    public DirectoryWatch directories() {
        return directories;
    }

    /** Unix sockets. */
    public UnixSockets sockets() {
        return sockets;
    }

    /** File systems made by this process. */
    public FuseMounts mounts() {
        return mounts;
    }

    /** Words of shared pages that tell of deaths early. */
    public RobustFutexes futexes() {
        return futexes;
    }

    /** Precedence for threads. */
    public Urgency urgency() {
        return urgency;
    }

    /** What time it is. */
    public Clocks clocks() {
        return clocks;
    }

    /** The boot id of the kernel. */
    public String bootId() {
        return bootId;
    }

    /** The pid of this process. */
    public long ownPid() {
        return processes.self().pid();
    }

    /** This process. */
    public ProcessRef self() {
        return processes.self();
    }

    /** What does not work here, one sentence each: an old kernel or C library, or a missing right. */
    public List<String> limitations() {
        List<String> found = new ArrayList<>();
        if (!Libc.hasCloseFrom()) {
            found.add("The C library has no posix_spawn_file_actions_addclosefrom_np (glibc 2.34): descriptors that are"
                    + " opened while a process is being started may leak into it.");
        }
        if (!ProcFs.kernelAtLeast(6, 5)) {
            found.add("The kernel does not tell the process at the other end of a socket beyond its pid (Linux 6.5).");
        }
        if (self().inode() == 0) {
            found.add("The kernel has no pidfs (Linux 6.9): a process is told from a later one with the same pid by its"
                    + " start time only, which is coarse.");
        }
        if (!reapedAreTold) {
            found.add("The kernel tells nothing about a process once it is reaped (Linux 6.15 does)"
                    + announcements
                            .obstacle()
                            .map(why -> ", and exits cannot be listened to (" + why + "; it takes Linux 6.6 or"
                                    + " CAP_NET_ADMIN, and no container), so the exit reason of a process that is not"
                                    + " a child may stay unknown.")
                            .orElse("; while a process is watched that is not a child, every exit on this machine wakes"
                                    + " this process."));
        }
        if (Syscall.call(Syscall.GETEUID, 0) != 0) {
            found.add("Not root: processes run as this user, hard limits cannot be raised, and exit reasons of other"
                    + " users' processes may stay unknown.");
        }
        return List.copyOf(found);
    }

    /**
     * Goes the way of a recovery, so that the first real one is not ten times slower than the others: prepares many
     * starts and starts {@code true} once. Takes some 100 ms of processor time.
     */
    public void warmUp() {
        processes.warmUp(new Spawn(
                List.of("true"),
                Optional.empty(),
                System.getenv(),
                Optional.empty(),
                Map.of(),
                Optional.of(Path.of("/dev/null"))));
    }

    /** Closes everything. Watched processes live on, unwatched; a waiting {@link Reactor#await} ends. */
    @Override
    public void close() {
        sockets.close();
        reactor.close();
        processes.close();
        announcements.close();
    }
}
