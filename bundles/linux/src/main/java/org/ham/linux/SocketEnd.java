package org.ham.linux;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking descriptor and the two places where its users wait: one thread may read while another writes. There are thousands
 * of it, so both share one descriptor and one registration. Thread-safe.
 */
final class SocketEnd implements AutoCloseable {
    private final Descriptor descriptor;
    private final SocketPoller poller;
    private final Semaphore readable = new Semaphore(0);
    private final Semaphore writable = new Semaphore(0);
    private EpollReactor.@Nullable Registration registration;
    /** What threads wait for; guarded by this. */
    private int awaited;

    private boolean closed;

    /** A call that is tried again after a wait whenever it answers {@code EAGAIN}. */
    interface Attempt {
        long with(int fd);
    }

    SocketEnd(int fd, SocketPoller poller) {
        this.descriptor = new Descriptor(fd);
        this.poller = poller;
    }

    /** The number of its descriptor. */
    int fd() {
        return descriptor.fd();
    }

    /** Another descriptor of the same. */
    PassedDescriptor duplicate() {
        return descriptor.duplicate();
    }

    /** The result or the error number below zero; {@code EBADF} once closed, {@code EINTR} when interrupted. */
    long whenReadable(Attempt attempt) {
        return call(attempt, EpollReactor.READABLE, readable);
    }

    /** The same for a call that waits until there is room. */
    long whenWritable(Attempt attempt) {
        return call(attempt, EpollReactor.WRITABLE, writable);
    }

    private long call(Attempt attempt, int interest, Semaphore ready) {
        if (!descriptor.acquire()) {
            return -Errno.EBADF;
        }
        try {
            long result = attempt.with(descriptor.fd());
            while (result == -Errno.EAGAIN || result == -Errno.EINTR) {
                if (result == -Errno.EAGAIN && !awaitReady(interest, ready)) {
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
    private boolean awaitReady(int interest, Semaphore ready) {
        arm(interest);
        try {
            ready.acquire();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void arm(int interest) {
        awaited |= interest;
        if (closed) {
            wakeBoth();
        } else if (registration == null) {
            registration = poller.reactor().register(descriptor.fd(), awaited | EpollReactor.ONE_SHOT, this::wakeBoth);
        } else {
            registration.rearm(awaited | EpollReactor.ONE_SHOT);
        }
    }

    /** Whichever it was: who is woken without need tries in vain and waits again. */
    private synchronized void wakeBoth() {
        if ((awaited & EpollReactor.READABLE) != 0) {
            readable.release();
        }
        if ((awaited & EpollReactor.WRITABLE) != 0) {
            writable.release();
        }
        awaited = 0;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (registration != null) {
                registration.close();
                registration = null;
            }
            wakeBoth();
        }
        descriptor.close();
    }
}
