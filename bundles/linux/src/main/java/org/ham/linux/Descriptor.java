package org.ham.linux;

/**
 * A descriptor that is closed only when nobody is using it any more, so that its number cannot come to mean something
 * else in the middle of a call. Thread-safe.
 */
final class Descriptor {
    private final int fd;
    private int users;
    private boolean closing;

    Descriptor(int fd) {
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    /** Another descriptor of what this one is open for; throws {@code EBADF} when it is closed. */
    OwnedDescriptor duplicate() {
        if (!acquire()) {
            throw Errno.failure("cannot duplicate descriptor " + fd, -Errno.EBADF);
        }
        try {
            return OwnedDescriptor.duplicate(fd);
        } finally {
            release();
        }
    }

    /** Whether it may be used; if so, {@link #release} must follow. */
    synchronized boolean acquire() {
        if (!closing) {
            users++;
        }
        return !closing;
    }

    synchronized void release() {
        users--;
        closeIfIdle();
    }

    synchronized boolean isClosing() {
        return closing;
    }

    /** Closes it now, or when the last user releases it. */
    synchronized void close() {
        if (!closing) {
            closing = true;
            closeIfIdle();
        }
    }

    private void closeIfIdle() {
        if (closing && users == 0) {
            Syscall.close(fd);
        }
    }
}
