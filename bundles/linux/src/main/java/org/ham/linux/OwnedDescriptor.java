package org.ham.linux;

/** A descriptor that is closed once, however often it is asked to. Thread-safe. */
record OwnedDescriptor(Descriptor descriptor) implements PassedDescriptor {
    private static final int DUPLICATE_CLOSE_ON_EXEC = 1030;

    /** Another descriptor of what one is open for. */
    static OwnedDescriptor duplicate(int fd) {
        long result = Syscall.call(Syscall.FCNTL, fd, DUPLICATE_CLOSE_ON_EXEC, 0);
        if (result < 0) {
            throw Errno.failure("cannot duplicate descriptor " + fd, result);
        }
        return new OwnedDescriptor(new Descriptor((int) result));
    }

    @Override
    public int fd() {
        return descriptor.fd();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
