package org.ham.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A real server on a real socket, to be killed and started again at the same place. */
final class Server implements AutoCloseable {
    /** What it does with a client; it forgets everything with it. */
    interface Dialogue {
        void with(SocketChannel client) throws IOException;
    }

    private final Dialogue dialogue;
    private final Map<SocketChannel, Thread> clients = new ConcurrentHashMap<>();
    private SocketAddress address;
    private @Nullable ServerSocketChannel listener;
    private @Nullable Thread acceptor;

    Server(SocketAddress address, Dialogue dialogue) throws IOException {
        this.address = address;
        this.dialogue = dialogue;
        start();
    }

    /** Where it listens, with the port that was free. */
    SocketAddress address() {
        return address;
    }

    void start() throws IOException {
        var unix = address instanceof UnixDomainSocketAddress;
        if (unix) {
            Files.deleteIfExists(((UnixDomainSocketAddress) address).getPath());
        }
        var channel = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        if (!unix) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }
        channel.bind(address);
        address = channel.getLocalAddress();
        listener = channel;
        acceptor = Thread.ofVirtual().name("server").start(() -> serve(channel));
    }

    private void serve(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try {
                var client = channel.accept();
                clients.put(client, Thread.ofVirtual().name("server-client").start(() -> serve(client)));
            } catch (IOException _) {
                // killed
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            dialogue.with(client);
        } catch (IOException _) {
            // killed, or the client is gone
        }
    }

    /** Takes all connections down and listens no more: the port is free when this returns. */
    void kill() {
        try {
            if (listener != null && acceptor != null) {
                listener.close();
                acceptor.join();
            }
            dropClients();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes all connections down that were accepted. */
    void dropClients() throws IOException, InterruptedException {
        for (var client : clients.entrySet()) {
            client.getKey().close();
            client.getValue().join();
        }
        clients.clear();
    }

    void restart() throws IOException {
        kill();
        start();
    }

    @Override
    public void close() {
        kill();
    }
}
