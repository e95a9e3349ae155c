package org.ham.linux;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The processes whose descriptors are held: those that are watched, and all children, so that they are reaped. Every
 * change is made under one lock, listeners are called outside it. Thread-safe.
 *
 * <p>A descriptor is opened before the death, because only such a one tells afterwards how the process ended. When it
 * becomes readable it leaves the epoll at once (it would stay readable) and the exit reason is read, several times if a
 * stranger's zombie keeps its secret at first.
 */
final class ProcessTable implements Processes, AutoCloseable {
    private static final long RETRY = 10_000_000L;
    private static final long GIVE_UP = 1_000_000_000L;

    /** How many ends of unwatched children are kept for a watch that comes too late; the oldest goes first. */
    private static final int MOST_REMEMBERED = 4096;

    private final EpollReactor reactor;
    private final PidFds pidFds;
    private final Spawner spawner;
    private final ExitReasons reasons;
    private final ProcessSearch search;
    private final ProcessRef self;
    private final Object lock = new Object();
    private final Map<ProcessRef, Held> held = new HashMap<>();
    private final Map<ProcessRef, ExitStatus> remembered = new LinkedHashMap<>();

    /** A process whose descriptor is held, or whose end is about to be told. Guarded by the table's lock. */
    private static final class Held {
        final ProcessRef process;
        final int pidfd;
        final boolean child;
        EpollReactor.@Nullable Registration registration;

        @Nullable
        Consumer<ExitStatus> listener;

        Held(ProcessRef process, int pidfd, boolean child) {
            this.process = process;
            this.pidfd = pidfd;
            this.child = child;
        }
    }

    ProcessTable(EpollReactor reactor, PidFds pidFds, Spawner spawner, ExitReasons reasons) {
        this.reactor = reactor;
        this.pidFds = pidFds;
        this.spawner = spawner;
        this.reasons = reasons;
        this.search = new ProcessSearch(this::identify);
        this.self = identify(ProcessHandle.current().pid());
        reasons.whenLost(this::expectTheLivingAgain);
    }

    @Override
    public void check(Spawn spawn) {
        SpawnPlan.check(spawn);
    }

    @Override
    public ProcessRef spawn(Spawn spawn) {
        int pid = spawner.start(spawn);
        int pidfd = pidFds.open(pid);
        if (pidfd < 0) {
            Syscall.call(Syscall.KILL, pid, SignalNames.SIGKILL);
            reapNow(pid);
            throw Errno.failure("the process was started but cannot be watched, and was killed", pidfd);
        }
        try {
            return hold(pidfd, pid);
        } catch (LinuxException e) {
            pidFds.send(pidfd, SignalNames.SIGKILL, 0, 0);
            Syscall.close(pidfd);
            reapNow(pid);
            throw e;
        }
    }

    /** Rehearses a start, then does the whole of it once with a program that ends at once. */
    void warmUp(Spawn harmless) {
        spawner.rehearse(harmless);
        watch(spawn(harmless), ended -> {});
    }

    private ProcessRef hold(int pidfd, int pid) {
        ProcessRef process = pidFds.identify(pidfd, pid)
                .orElseThrow(() -> new LinuxException("/proc/" + pid + " cannot be read", Errno.ESRCH));
        synchronized (lock) {
            listen(new Held(process, pidfd, true));
        }
        return process;
    }

    /** Waits for a child that was just killed; its pid is not free before. */
    private static void reapNow(int pid) {
        final int byPid = 1;
        final int exited = 4;
        Syscall.call(Syscall.WAITID, byPid, pid, 0, exited);
    }

    @Override
    public ProcessRef self() {
        return self;
    }

    @Override
    public ProcessRef identify(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new LinuxException("pid " + pid + " is not a process", Errno.ESRCH);
        }
        int pidfd = pidFds.open(pid);
        if (pidfd < 0) {
            throw notFound(pid, pidfd);
        }
        try {
            return Optional.of(pidfd)
                    .filter(fd -> !pidFds.isDead(fd))
                    .flatMap(fd -> pidFds.identify(fd, pid))
                    .orElseThrow(() -> new LinuxException("process " + pid + " is dead", Errno.ESRCH));
        } finally {
            Syscall.close(pidfd);
        }
    }

    private static LinuxException notFound(long pid, int error) {
        return error == -Errno.ESRCH
                ? new LinuxException("there is no process " + pid, Errno.ESRCH)
                : Errno.failure("process " + pid + " cannot be opened", error);
    }

    @Override
    public Optional<ProcessRef> findByEnvironment(Map<String, String> variables) {
        return search.byEnvironment(variables);
    }

    @Override
    public boolean isAlive(ProcessRef process) {
        return with(process, pidfd -> !pidFds.isDead(pidfd)).orElse(false);
    }

    /** Does something with the descriptor of exactly this process; empty when it is reaped. */
    <T> Optional<T> with(ProcessRef process, IntFunction<T> task) {
        synchronized (lock) {
            Held known = held.get(process);
            if (known != null && known.pidfd >= 0) {
                return Optional.of(task.apply(known.pidfd));
            }
        }
        int pidfd = pidFds.open(process.pid());
        if (pidfd < 0) {
            if (pidfd == -Errno.ESRCH) {
                return Optional.empty();
            }
            throw notFound(process.pid(), pidfd);
        }
        try {
            return pidFds.matches(pidfd, process) ? Optional.of(task.apply(pidfd)) : Optional.empty();
        } finally {
            Syscall.close(pidfd);
        }
    }

    PidFds pidFds() {
        return pidFds;
    }

    @Override
    public void watch(ProcessRef process, Consumer<ExitStatus> listener) {
        synchronized (lock) {
            Held known = held.get(process);
            if (known != null) {
                known.listener = listener;
                return;
            }
            ExitStatus ended = remembered.remove(process);
            if (ended != null) {
                tellLater(process, listener, ended);
                return;
            }
            reasons.expect(process);
            boolean lives = false;
            try {
                lives = holdIfAlive(process, listener);
            } finally {
                if (!lives) {
                    reasons.forget(process);
                }
            }
            if (!lives) {
                tellLater(process, listener, ExitStatus.UNKNOWN);
            }
        }
    }

    /** Whether the process was there, dead or not, to be held. */
    private boolean holdIfAlive(ProcessRef process, Consumer<ExitStatus> listener) {
        int pidfd = pidFds.open(process.pid());
        if (pidfd < 0 && pidfd != -Errno.ESRCH) {
            throw notFound(process.pid(), pidfd);
        }
        if (pidfd < 0) {
            return false;
        }
        if (!pidFds.matches(pidfd, process)) {
            Syscall.close(pidfd);
            return false;
        }
        hold(process, pidfd, listener);
        return true;
    }

    private void expectTheLivingAgain() {
        synchronized (lock) {
            held.values().stream()
                    .filter(entry -> entry.pidfd >= 0 && !entry.child && !pidFds.isDead(entry.pidfd))
                    .forEach(entry -> reasons.expect(entry.process));
        }
    }

    private void hold(ProcessRef process, int pidfd, Consumer<ExitStatus> listener) {
        Held entry = new Held(process, pidfd, false);
        entry.listener = listener;
        try {
            listen(entry);
        } catch (LinuxException e) {
            Syscall.close(pidfd);
            throw e;
        }
    }

    private void listen(Held entry) {
        entry.registration = reactor.onReadable(entry.pidfd, () -> died(entry));
        held.put(entry.process, entry);
    }

    /** It is dead already; the listener hears of it where it hears of every death. */
    private void tellLater(ProcessRef process, Consumer<ExitStatus> listener, ExitStatus status) {
        Held entry = new Held(process, -1, false);
        entry.listener = listener;
        held.put(process, entry);
        reactor.post(() -> finish(entry, status));
    }

    @Override
    public void unwatch(ProcessRef process) {
        synchronized (lock) {
            remembered.remove(process);
            Held entry = held.get(process);
            if (entry == null) {
                return;
            }
            entry.listener = null;
            if (!entry.child) {
                release(entry);
            }
        }
    }

    @Override
    public int watched() {
        synchronized (lock) {
            return (int) held.values().stream()
                    .filter(entry -> entry.listener != null)
                    .count();
        }
    }

    private void died(Held entry) {
        synchronized (lock) {
            stopListening(entry);
        }
        settle(entry, System.nanoTime() + GIVE_UP);
    }

    private void settle(Held entry, long deadline) {
        Optional<ExitStatus> status;
        synchronized (lock) {
            if (held.get(entry.process) != entry) {
                return;
            }
            status = reasons.read(entry.pidfd, entry.process);
        }
        if (status.isPresent() || System.nanoTime() - deadline >= 0) {
            finish(entry, status.orElse(ExitStatus.UNKNOWN));
        } else {
            reactor.after(RETRY, () -> settle(entry, deadline));
        }
    }

    private void finish(Held entry, ExitStatus status) {
        Consumer<ExitStatus> listener;
        synchronized (lock) {
            if (held.get(entry.process) != entry) {
                return;
            }
            release(entry);
            listener = entry.listener;
            if (listener == null) {
                remember(entry.process, status);
            }
        }
        if (listener != null) {
            listener.accept(status);
        }
    }

    private void remember(ProcessRef process, ExitStatus status) {
        remembered.put(process, status);
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.remove(remembered.keySet().iterator().next());
        }
    }

    private void release(Held entry) {
        held.remove(entry.process, entry);
        stopListening(entry);
        if (entry.pidfd >= 0) {
            Syscall.close(entry.pidfd);
            if (!entry.child) {
                reasons.forget(entry.process);
            }
        }
    }

    /** Out of the epoll before the descriptor is closed. */
    private static void stopListening(Held entry) {
        EpollReactor.Registration registration = entry.registration;
        if (registration != null) {
            registration.close();
            entry.registration = null;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            for (Held entry : held.values().toArray(Held[]::new)) {
                release(entry);
            }
        }
    }
}
