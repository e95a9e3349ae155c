package org.ham.guardian;

import org.ham.linux.Reactor;

/** Nothing is waited for in these tests: a turn is a call. Stateless. */
final class FakeReactor implements Reactor {
    @Override
    public void await(long nanos) {}

    @Override
    public void wake() {}

    @Override
    public AutoCloseable onReadable(int fd, Runnable callback) {
        throw new UnsupportedOperationException();
    }
}
