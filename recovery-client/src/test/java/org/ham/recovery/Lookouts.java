package org.ham.recovery;

import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes sockets that count how often they are given a time-out to read with. Thread-safe. */
final class Lookouts extends Sockets {
    private final AtomicInteger timeouts;

    Lookouts(AtomicInteger timeouts) {
        this.timeouts = timeouts;
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void setSoTimeout(int timeout) throws SocketException {
                timeouts.incrementAndGet();
                super.setSoTimeout(timeout);
            }
        };
    }
}
