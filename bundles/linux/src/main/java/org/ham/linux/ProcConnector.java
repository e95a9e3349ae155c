package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's announcement of all exits on the machine, over netlink. As each of them wakes this process it is listened to
 * only while a process is expected to exit whose reason could not be had otherwise. Thread-safe.
 */
final class ProcConnector {
    /** Room for some thousand announcements, as far as this process may have it. */
    static final int USUAL_BUFFER = 4 << 20;

    private static final System.Logger LOG = System.getLogger(ProcConnector.class.getName());
    private static final int MOST_AT_ONCE = 1024;
    private static final int MOST_BEFORE_AN_ANSWER = 1 << 16;
    private static final int AF_NETLINK = 16;
    private static final int RAW_DATAGRAM = 2;
    private static final int NETLINK_CONNECTOR = 11;
    private static final int ADDRESS_SIZE = 12;
    private static final int SENDER = 4;

    private final EpollReactor reactor;
    private final int bufferSize;
    private final ExitEvents events = new ExitEvents();
    private final MemorySegment message = Arena.ofAuto().allocate(ConnectorMessage.MOST_SIZE, 8);
    private final MemorySegment address = Arena.ofAuto().allocate(ADDRESS_SIZE + 4, 8);
    private int fd = -1;
    private EpollReactor.@Nullable Registration registration;
    private boolean told;
    private Runnable whenLost = () -> {};

    ProcConnector(EpollReactor reactor, int bufferSize) {
        this.reactor = reactor;
        this.bufferSize = bufferSize;
    }

    /** Sets what is done on the reactor's thread after announcements were lost. */
    synchronized void whenLost(Runnable task) {
        whenLost = task;
    }

    /** Listens for the exit of a process; to be called before it is made sure that it lives. */
    synchronized void expect(ProcessRef process) {
        events.expect(process);
        if (fd < 0) {
            open();
        }
    }

    synchronized void forget(ProcessRef process) {
        events.forget(process);
        if (events.isEmpty()) {
            close();
        }
    }

    /**
     * How an expected process ended; empty when that is not announced yet: a parent may have reaped it a moment before.
     * {@link ExitStatus#UNKNOWN} when it never will be.
     */
    synchronized Optional<ExitStatus> of(ProcessRef process) {
        if (fd < 0) {
            return Optional.of(ExitStatus.UNKNOWN);
        }
        drain(MOST_BEFORE_AN_ANSWER);
        return events.of(process);
    }

    /** Why it cannot be listened to; empty when it can. */
    synchronized Optional<String> obstacle() {
        if (fd >= 0) {
            return Optional.empty();
        }
        long opened = connect();
        if (opened >= 0) {
            Syscall.close((int) opened);
            return Optional.empty();
        }
        return Optional.of(Errno.text((int) -opened));
    }

    private void open() {
        long opened = connect();
        if (opened < 0) {
            if (!told) {
                told = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Exits cannot be listened to: {0}. Exit reasons of processes that are not children may stay"
                                + " unknown.",
                        Errno.text((int) -opened));
            }
            return;
        }
        fd = (int) opened;
        registration = reactor.register(fd, EpollReactor.READABLE, () -> drain(MOST_AT_ONCE));
    }

    /** A socket that gets the announcements; the error number below zero when that cannot be. */
    private long connect() {
        long socket = Syscall.call(
                Syscall.SOCKET, AF_NETLINK, RAW_DATAGRAM | Syscall.O_CLOEXEC | Syscall.O_NONBLOCK, NETLINK_CONNECTOR);
        if (socket < 0) {
            return socket;
        }
        DatagramReceiver.enlarge((int) socket, bufferSize);
        long result = subscribe((int) socket);
        if (result < 0) {
            Syscall.close((int) socket);
            return result;
        }
        return socket;
    }

    private long subscribe(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment group = arena.allocate(ADDRESS_SIZE, 8);
            group.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
            group.set(ValueLayout.JAVA_INT, 8, ConnectorMessage.PROCESSES);
            long result = Syscall.call(Syscall.BIND, socket, group.address(), ADDRESS_SIZE);
            if (result < 0) {
                return result;
            }
            result = request(socket, ConnectorMessage.subscription(arena));
            if (result == 0) {
                result = answer(socket);
            }
            // A second request that leaves out all but exits; its answer would be left out as well.
            return result == 0 && ProcFs.kernelAtLeast(6, 6)
                    ? request(socket, ConnectorMessage.exitsOnly(arena))
                    : result;
        }
    }

    private static long request(int socket, MemorySegment request) {
        return Math.min(0, Syscall.call(Syscall.SENDTO, socket, request.address(), request.byteSize(), 0, 0, 0));
    }

    /** The kernel answers within the request, or not at all: to a container it does not talk. */
    private long answer(int socket) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            long size = receive(socket);
            if (size < 0) {
                return size == -Errno.EAGAIN ? -Errno.EOPNOTSUPP : size;
            }
            if (ConnectorMessage.isAnswer(message, size)) {
                return -ConnectorMessage.error(message);
            }
        }
        return -Errno.EOPNOTSUPP;
    }

    private synchronized void drain(int most) {
        for (int i = 0; i < most && fd >= 0; i++) {
            long size = receive(fd);
            if (size == -Errno.ENOBUFS) {
                events.lost();
                reactor.post(whenLost);
            } else if (size == -Errno.EAGAIN) {
                return;
            } else if (size < 0) {
                events.lost();
                close();
            } else if (ConnectorMessage.isExit(message, size)) {
                events.exited(
                        ConnectorMessage.thread(message),
                        ConnectorMessage.process(message),
                        ConnectorMessage.waitStatus(message));
            }
        }
    }

    /** The size of the next message, 0 when somebody else than the kernel sent it; the error number below zero. */
    private long receive(int socket) {
        long size;
        do {
            address.set(ValueLayout.JAVA_INT, ADDRESS_SIZE, ADDRESS_SIZE);
            size = Syscall.call(
                    Syscall.RECVFROM,
                    socket,
                    message.address(),
                    message.byteSize(),
                    0,
                    address.address(),
                    address.address() + ADDRESS_SIZE);
        } while (size == -Errno.EINTR);
        return size > 0 && address.get(ValueLayout.JAVA_INT, SENDER) != 0 ? 0 : size;
    }

    /** Listens no more. */
    synchronized void close() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
        if (fd >= 0) {
            Syscall.close(fd);
            fd = -1;
        }
    }
}
