package org.ham.linux;

import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for all sockets, started with the first wait. The threads that read and write only park, so that
 * virtual threads do not hold on to their carriers. Thread-safe.
 */
final class SocketPoller implements AutoCloseable {
    private @Nullable EpollReactor reactor;
    private boolean closed;

    /** The reactor whose callbacks wake the waiting threads. */
    synchronized EpollReactor reactor() {
        if (closed) {
            throw new LinuxException("the sockets are closed", Errno.EBADF);
        }
        EpollReactor known = reactor;
        if (known != null) {
            return known;
        }
        EpollReactor created = new EpollReactor();
        reactor = created;
        Thread.ofPlatform().name("ham-linux-sockets").daemon().start(() -> serve(created));
        return created;
    }

    private void serve(EpollReactor waiting) {
        while (isOpen()) {
            try {
                waiting.await(Long.MAX_VALUE);
            } catch (LinuxException e) {
                if (e.errno() == Errno.EBADF) {
                    return;
                }
                throw e;
            }
        }
    }

    private synchronized boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        EpollReactor known;
        synchronized (this) {
            closed = true;
            known = reactor;
        }
        if (known != null) {
            known.close();
        }
    }
}
