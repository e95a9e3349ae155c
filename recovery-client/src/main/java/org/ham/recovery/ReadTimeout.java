package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** How long the program lets a read of its socket take, whatever a look sets there for a moment. Thread-safe. */
final class ReadTimeout {
    /** What a look does with the socket. */
    interface Reads {
        void go() throws IOException;
    }

    private int millis;
    private boolean looked;

    ReadTimeout(int millis) {
        this.millis = millis;
    }

    /** In milliseconds; without end when it is 0. */
    synchronized int millis() {
        return millis;
    }

    /** As {@link Socket#setSoTimeout}; while it is looked at, from when that is over on. */
    synchronized void set(Socket socket, int wanted) throws SocketException {
        if (!looked || wanted < 0 || socket.isClosed()) {
            // It says itself what is wrong with that.
            socket.setSoTimeout(wanted);
        }
        millis = wanted;
    }

    /** Has reads take no longer than that, and the program's afterwards as long as it wants. One look at a time. */
    void shortened(Socket socket, int most, Reads reads) throws IOException {
        synchronized (this) {
            looked = true;
            socket.setSoTimeout(most);
        }
        try {
            reads.go();
        } finally {
            synchronized (this) {
                looked = false;
                socket.setSoTimeout(millis);
            }
        }
    }
}
