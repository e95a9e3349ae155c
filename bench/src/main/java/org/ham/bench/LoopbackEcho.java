package org.ham.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import javax.net.SocketFactory;

/** Another Java process that sends back over TCP what comes. Confined to one thread. */
final class LoopbackEcho implements AutoCloseable {
    private static final int LONGEST = 4096;

    private final Process other;
    private final InetSocketAddress address;

    /** Starts the other process. */
    LoopbackEcho() throws IOException {
        other = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoopbackEcho.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(other.inputReader().readLine()));
    }

    /** Prints the port and serves all that connect. */
    public static void main(String[] args) throws IOException {
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(listener.socket().getLocalPort());
            while (true) {
                var peer = listener.accept();
                peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread.ofPlatform().daemon().start(() -> serve(peer));
            }
        }
    }

    private static void serve(SocketChannel peer) {
        try (peer) {
            var buffer = ByteBuffer.allocateDirect(LONGEST);
            while (peer.read(buffer) > 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    peer.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException _) {
            // The client is gone.
        }
    }

    SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    Socket connect(SocketFactory factory) throws IOException {
        var socket = factory.createSocket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    Socket connect(SocketFactory factory, int timeoutMs) throws IOException {
        var socket = factory.createSocket();
        socket.connect(address, timeoutMs);
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Override
    public void close() {
        other.destroyForcibly().onExit().join();
    }
}
