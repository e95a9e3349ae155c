package org.ham.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A link that can be cut without either end noticing: it takes what comes and passes nothing on. */
final class Proxy implements AutoCloseable {
    final AtomicInteger passed = new AtomicInteger();
    private final ServerSocket listening;
    private final Address to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Proxy(Address to) throws IOException {
        this.to = to;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    Address address() {
        return new Address("127.0.0.1", listening.getLocalPort());
    }

    void cut(boolean on) {
        cut = on;
    }

    private void serve() {
        try {
            while (true) {
                var here = listening.accept();
                var there = new Socket(to.host(), to.port());
                open.add(here);
                open.add(there);
                Thread.ofVirtual().start(() -> pass(here, there));
                Thread.ofVirtual().start(() -> pass(there, here));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void pass(Socket from, Socket to) {
        var buffer = new byte[8192];
        try {
            for (var count = from.getInputStream().read(buffer);
                    count > 0;
                    count = from.getInputStream().read(buffer)) {
                if (!cut) {
                    to.getOutputStream().write(buffer, 0, count);
                    passed.incrementAndGet();
                }
            }
            if (!cut) {
                to.shutdownOutput();
            }
        } catch (IOException _) {
            if (!cut) {
                Handshake.close(to);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        open.forEach(Handshake::close);
    }
}
