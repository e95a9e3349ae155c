package org.ham.recovery;

import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/** Makes sockets that are not connected yet, of one kind. Thread-safe as what makes them is. */
final class Sockets extends SocketFactory {
    private final Supplier<Socket> one;

    Sockets(Supplier<Socket> one) {
        this.one = one;
    }

    @Override
    public Socket createSocket() {
        return one.get();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }
}
