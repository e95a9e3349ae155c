package org.ham.recovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the forms of {@code createSocket} have in common. Stateless. */
final class Endpoints {
    private Endpoints() {}

    /** No host is this machine, as for a socket of the JDK. */
    static InetSocketAddress of(@Nullable String host, int port) {
        return host == null
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(host, port);
    }

    static Socket connect(Socket socket, SocketAddress remote) throws IOException {
        return connect(socket, remote, null);
    }

    static Socket connect(Socket socket, SocketAddress remote, @Nullable InetAddress local, int localPort)
            throws IOException {
        if (localPort < 0 || localPort > 0xFFFF) {
            socket.close();
            throw new IllegalArgumentException("port out of range:" + localPort);
        }
        return connect(
                socket, remote, local == null && localPort == 0 ? null : new InetSocketAddress(local, localPort));
    }

    private static Socket connect(Socket socket, SocketAddress remote, @Nullable SocketAddress local)
            throws IOException {
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
