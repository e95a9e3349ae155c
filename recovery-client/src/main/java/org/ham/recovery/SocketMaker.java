package org.ham.recovery;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** Makes what a covered socket goes through. Thread-safe. */
interface SocketMaker {
    /** One that is not connected. */
    Socket make() throws IOException;

    /** Connects it; the result is another one when it was to lie on one that is connected. */
    default Socket connect(Socket made, SocketAddress remote, int timeoutMs) throws IOException {
        connectToAnother(made, remote, timeoutMs);
        return made;
    }

    /**
     * Connects, and not to itself: where nobody listens at a port of those that are given out, one that is connected to it again and
     * again is given it some day, is answered by itself, and keeps it from the server that is to come back there.
     */
    static void connectToAnother(Socket made, SocketAddress remote, int timeoutMs) throws IOException {
        made.connect(remote, timeoutMs);
        var local = made.getLocalSocketAddress();
        if (local != null && local.equals(made.getRemoteSocketAddress())) {
            // Otherwise what is left of it would keep the port for a minute.
            made.setSoLinger(true, 0);
            made.close();
            throw new ConnectException("nobody listens at " + remote + ", the socket was connected to itself");
        }
    }

    static SocketMaker of(SocketFactory factory) {
        return factory::createSocket;
    }

    /** Lies on plain sockets of another factory. */
    static SocketMaker layered(SSLSocketFactory factory, SocketFactory below, String host, int port) {
        return new SocketMaker() {
            @Override
            public Socket make() throws IOException {
                return below.createSocket();
            }

            @Override
            public Socket connect(Socket made, SocketAddress remote, int timeoutMs) throws IOException {
                connectToAnother(made, remote, timeoutMs);
                return factory.createSocket(made, host, port, true);
            }
        };
    }
}
