package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A factory under test, and a server in threads of its own that gives back what it gets until it is told to end. */
final class TlsScene implements AutoCloseable {
    /** What ends the server's side of a connection. */
    static final char END = '.';

    final SSLSocketFactory factory;
    private final Tls tls;
    private final Queue<Socket> opened = new ConcurrentLinkedQueue<>();
    private ServerSocket listener;
    private Thread acceptor;

    TlsScene(Tls tls, SSLSocketFactory factory) throws IOException {
        this.tls = tls;
        this.factory = factory;
        this.listener = tls.listener(0);
        acceptor = start(listener);
    }

    private Thread start(ServerSocket at) {
        return Thread.ofVirtual().name("tls-server").start(() -> {
            while (!at.isClosed()) {
                try {
                    var client = at.accept();
                    opened.add(client);
                    Thread.ofVirtual().name("tls-server-client").start(() -> echo(client));
                } catch (IOException _) {
                    // closed
                }
            }
        });
    }

    private static void echo(Socket client) {
        try (client) {
            for (var next = client.getInputStream().read();
                    next >= 0 && next != END;
                    next = client.getInputStream().read()) {
                client.getOutputStream().write(next);
            }
        } catch (IOException _) {
            // the client is gone, or the server is killed
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    int port() {
        return listener.getLocalPort();
    }

    SSLSocket fresh() throws IOException {
        return kept(factory.createSocket());
    }

    SSLSocket connected() throws IOException {
        var socket = fresh();
        socket.connect(address());
        return socket;
    }

    SSLSocket kept(Socket socket) {
        opened.add(socket);
        return (SSLSocket) socket;
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    static String hear(Socket socket, int most) throws IOException {
        return new String(socket.getInputStream().readNBytes(most), US_ASCII);
    }

    /** Takes down all it has accepted without a word, and listens again at the same place. */
    void restart() throws IOException, InterruptedException {
        var port = port();
        listener.close();
        // The port is free when nobody waits in accept any more.
        acceptor.join();
        drop();
        listener = tls.listener(port);
        acceptor = start(listener);
    }

    /** Closes what lies below, as the end of a process does. */
    private void drop() {
        for (var socket : opened) {
            if (!(socket instanceof RecoveringSSLSocket)) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        opened.removeIf(socket -> !(socket instanceof RecoveringSSLSocket));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : opened) {
            socket.close();
        }
    }
}
