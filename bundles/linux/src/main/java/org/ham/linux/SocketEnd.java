package org.ham.linux;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a socket: a non-blocking descriptor of its own and the place where its one user waits. Thread-safe.
 */
final class SocketEnd implements AutoCloseable {
    private final Descriptor descriptor;
    private final int interest;
    private final SocketPoller poller;
    private final Semaphore ready = new Semaphore(0);
    private EpollReactor.@Nullable Registration registration;
    private boolean closed;

    /** A call that is tried again after a wait whenever it answers {@code EAGAIN}. */
    interface Attempt {
        long with(int fd);
    }

    SocketEnd(int fd, int interest, SocketPoller poller) {
        this.descriptor = new Descriptor(fd);
        this.interest = interest | EpollReactor.ONE_SHOT;
        this.poller = poller;
    }

    /** The number of its descriptor. */
    int fd() {
        return descriptor.fd();
    }

    /** The result or the error number below zero; {@code EBADF} once closed, {@code EINTR} when interrupted. */
    long call(Attempt attempt) {
        if (!descriptor.acquire()) {
            return -Errno.EBADF;
        }
        try {
            long result = attempt.with(descriptor.fd());
            while (result == -Errno.EAGAIN || result == -Errno.EINTR) {
                if (result == -Errno.EAGAIN && !awaitReady()) {
                    return -Errno.EINTR;
                }
                if (descriptor.isClosing()) {
                    return -Errno.EBADF;
                }
                result = attempt.with(descriptor.fd());
            }
            return result;
        } finally {
            descriptor.release();
        }
    }

    /** False when interrupted. */
    private boolean awaitReady() {
        arm();
        try {
            ready.acquire();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void arm() {
        if (closed) {
            ready.release();
        } else if (registration == null) {
            registration = poller.reactor().register(descriptor.fd(), interest, ready::release);
        } else {
            registration.rearm(interest);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (registration != null) {
                registration.close();
                registration = null;
            }
        }
        ready.release();
        descriptor.close();
    }
}
