package org.ham.linux;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One epoll descriptor, level-triggered, with an eventfd to wake it, tasks that other threads post, and timers. A
 * registration is known to the kernel by a token that is never used again, so that an event which was under way while it
 * was closed reaches nobody. Thread-safe; callbacks run on the thread in {@link #await}.
 */
final class EpollReactor implements Reactor, AutoCloseable {
    /** Readable, or the end of what can be read. */
    static final int READABLE = 0x001;

    /** Writable. */
    static final int WRITABLE = 0x004;

    /** One event, then silence until {@link Registration#rearm}. */
    static final int ONE_SHOT = 1 << 30;

    private static final Logger LOG = System.getLogger(EpollReactor.class.getName());
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final long WAKE = 0;
    private static final int BATCH = 256;
    private static final long SECOND = 1_000_000_000L;

    /** Longer waits are cut into several; the caller may be woken early anyway. */
    private static final long LONGEST = 3600 * SECOND;

    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG_UNALIGNED;

    private record Timer(long at, Runnable task) {}

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) BATCH * Syscall.EPOLL_EVENT_SIZE, 8);
    private final MemorySegment timeout = arena.allocate(16, 8);
    private final MemorySegment eventCount = arena.allocate(8, 8);
    private final int epoll;
    private final int wakeFd;
    private final AtomicLong tokens = new AtomicLong(WAKE);
    private final Map<Long, Runnable> callbacks = new ConcurrentHashMap<>();
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));

    /** Held by the thread that waits. */
    private final ReentrantLock waiting = new ReentrantLock();

    /** Guards the descriptors against being used after they are closed. */
    private final Object descriptors = new Object();

    private volatile boolean closed;

    /** {@code epoll_pwait2} came with Linux 5.11; before it, waits are whole milliseconds. */
    private boolean nanoseconds = true;

    EpollReactor() {
        epoll = (int) Syscall.call(Syscall.EPOLL_CREATE1, Syscall.O_CLOEXEC);
        if (epoll < 0) {
            throw Errno.failure("cannot create an epoll descriptor", epoll);
        }
        wakeFd = (int) Syscall.call(Syscall.EVENTFD2, 0, Syscall.O_CLOEXEC | Syscall.O_NONBLOCK);
        if (wakeFd < 0) {
            Syscall.close(epoll);
            throw Errno.failure("cannot create an event descriptor", wakeFd);
        }
        control(ADD, wakeFd, READABLE, WAKE);
    }

    @Override
    public void await(long nanos) {
        waiting.lock();
        try {
            if (closed) {
                throw new LinuxException("the reactor is closed", Errno.EBADF);
            }
            dispatch(poll(waitTime(nanos)));
            runTimers();
            runPosted();
        } finally {
            waiting.unlock();
        }
    }

    @Override
    public void wake() {
        synchronized (descriptors) {
            if (!closed) {
                ring();
            }
        }
    }

    private void ring() {
        try (Arena one = Arena.ofConfined()) {
            Syscall.call(
                    Syscall.WRITE,
                    wakeFd,
                    one.allocateFrom(ValueLayout.JAVA_LONG, 1L).address(),
                    8);
        }
    }

    @Override
    public Registration onReadable(int fd, Runnable callback) {
        return register(fd, READABLE, callback);
    }

    /** Calls back on events of a descriptor. */
    Registration register(int fd, int interest, Runnable callback) {
        long token = tokens.incrementAndGet();
        callbacks.put(token, callback);
        long result = control(ADD, fd, interest, token);
        if (result < 0) {
            callbacks.remove(token);
            throw Errno.failure("cannot watch descriptor " + fd, result);
        }
        return new Registration(fd, token);
    }

    /** Runs a task on the waiting thread, soon. */
    void post(Runnable task) {
        posted.add(task);
        wake();
    }

    /** Runs a task on the waiting thread after a while. */
    void after(long nanos, Runnable task) {
        synchronized (timers) {
            timers.add(new Timer(System.nanoTime() + nanos, task));
        }
        if (!waiting.isHeldByCurrentThread()) {
            wake();
        }
    }

    /** A descriptor that is being watched. */
    final class Registration implements AutoCloseable {
        private final int fd;
        private final long token;

        private Registration(int fd, long token) {
            this.fd = fd;
            this.token = token;
        }

        /** Listens for one more event. */
        void rearm(int interest) {
            long result = control(MODIFY, fd, interest, token);
            if (result < 0) {
                throw Errno.failure("cannot watch descriptor " + fd, result);
            }
        }

        /** To be called before the descriptor is closed. */
        @Override
        public void close() {
            if (callbacks.remove(token) != null) {
                control(DELETE, fd, 0, 0);
            }
        }
    }

    private long control(int operation, int fd, int interest, long token) {
        synchronized (descriptors) {
            if (closed) {
                return -Errno.EBADF;
            }
            if (operation == DELETE) {
                return Syscall.call(Syscall.EPOLL_CTL, epoll, DELETE, fd, 0);
            }
            try (Arena one = Arena.ofConfined()) {
                MemorySegment event = one.allocate(Syscall.EPOLL_EVENT_SIZE, 8);
                event.set(ValueLayout.JAVA_INT, 0, interest);
                event.set(DATA, Syscall.EPOLL_EVENT_DATA, token);
                return Syscall.call(Syscall.EPOLL_CTL, epoll, operation, fd, event.address());
            }
        }
    }

    private long waitTime(long nanos) {
        if (nanos <= 0 || !posted.isEmpty()) {
            return 0;
        }
        synchronized (timers) {
            Timer next = timers.peek();
            long most = Math.min(nanos, LONGEST);
            return next == null ? most : Math.clamp(next.at - System.nanoTime(), 0, most);
        }
    }

    private int poll(long nanos) {
        long count;
        if (nanoseconds) {
            timeout.set(ValueLayout.JAVA_LONG, 0, nanos / SECOND);
            timeout.set(ValueLayout.JAVA_LONG, 8, nanos % SECOND);
            count = Syscall.call(Syscall.EPOLL_PWAIT2, epoll, events.address(), BATCH, timeout.address(), 0, 8);
            if (count == -Errno.ENOSYS) {
                nanoseconds = false;
                return poll(nanos);
            }
        } else {
            count = Syscall.call(
                    Syscall.EPOLL_PWAIT, epoll, events.address(), BATCH, (nanos + 999_999) / 1_000_000, 0, 8);
        }
        if (count < 0 && count != -Errno.EINTR) {
            throw Errno.failure("cannot wait", count);
        }
        return (int) Math.max(count, 0);
    }

    private void dispatch(int count) {
        // Copied first: a callback may close this reactor, and its memory with it.
        long[] ready = new long[count];
        for (int i = 0; i < count; i++) {
            ready[i] = events.get(DATA, (long) i * Syscall.EPOLL_EVENT_SIZE + Syscall.EPOLL_EVENT_DATA);
        }
        for (long token : ready) {
            if (token == WAKE) {
                synchronized (descriptors) {
                    if (!closed) {
                        Syscall.call(Syscall.READ, wakeFd, eventCount.address(), 8);
                    }
                }
            } else {
                run(callbacks.get(token));
            }
        }
    }

    private void runTimers() {
        while (true) {
            Timer due;
            synchronized (timers) {
                due = timers.peek();
                if (due == null || due.at - System.nanoTime() > 0) {
                    return;
                }
                timers.poll();
            }
            run(due.task);
        }
    }

    /** Only those that are there now: a task that posts another one must not keep this thread for ever. */
    private void runPosted() {
        for (int left = posted.size(); left > 0; left--) {
            run(posted.poll());
        }
    }

    private static void run(@Nullable Runnable task) {
        if (task == null) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A callback failed; the others go on.", e);
        }
    }

    /** Ends a wait that is under way and closes the descriptors. */
    @Override
    public void close() {
        synchronized (descriptors) {
            if (closed) {
                return;
            }
            // In this order: whoever is woken and waits again must find it closed.
            closed = true;
            ring();
        }
        waiting.lock();
        try {
            Syscall.close(wakeFd);
            Syscall.close(epoll);
            arena.close();
        } finally {
            waiting.unlock();
        }
    }
}
