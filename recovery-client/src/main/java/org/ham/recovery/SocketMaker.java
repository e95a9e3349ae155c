package org.ham.recovery;

import java.io.IOException;
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
        made.connect(remote, timeoutMs);
        return made;
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
                made.connect(remote, timeoutMs);
                return factory.createSocket(made, host, port, true);
            }
        };
    }
}
