package org.ham.recovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/** A factory under test, and a peer in the same thread. Confined to it. */
final class SocketScene implements AutoCloseable {
    static final int LIMIT_MS = 20_000;

    final SocketFactory factory;
    private final ServerSocket listener;
    private final List<Socket> opened = new ArrayList<>();

    SocketScene(SocketFactory factory) throws IOException {
        this.factory = factory;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(LIMIT_MS);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Not connected. */
    Socket fresh() throws IOException {
        return kept(factory.createSocket());
    }

    /** Connected; the peer is to be taken next. */
    Socket connected() throws IOException {
        var socket = fresh();
        socket.connect(address());
        return socket;
    }

    Socket peer() throws IOException {
        return kept(listener.accept());
    }

    Socket kept(Socket socket) {
        opened.add(socket);
        return socket;
    }

    /** A place where nobody listens. */
    void listenNoMore() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        for (var socket : opened) {
            socket.close();
        }
        listener.close();
    }
}
