package org.ham.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A bare round trip over a unix stream socket between two Java processes. Confined to one thread. */
final class Echo implements AutoCloseable {
    private static final int LONGEST = 4096;
    private static final long LOOK_EVERY = 5_000_000;

    private final Process other;
    private final SocketChannel channel;

    /** Starts the other process and connects to it. */
    Echo(Path socket) throws IOException {
        other = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Echo.class.getName(),
                        socket.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        while (!Files.exists(socket) && other.isAlive()) {
            LockSupport.parkNanos(LOOK_EVERY);
        }
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    /** Sends back what comes, to the one that connects: {@code Echo SOCKET}. */
    public static void main(String[] args) throws IOException {
        var path = Path.of(args[0]);
        // Under another name until it listens.
        var fresh = path.resolveSibling("new");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(fresh));
            Files.move(fresh, path);
            try (var peer = listener.accept()) {
                var buffer = ByteBuffer.allocateDirect(LONGEST);
                while (peer.read(buffer) > 0) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        peer.write(buffer);
                    }
                    buffer.clear();
                }
            }
        }
    }

    /** Sends so many bytes and waits until they are back. */
    void roundTrip(int bytes) {
        try {
            var buffer = ByteBuffer.allocateDirect(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IOException("the other process ended");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        other.destroyForcibly().onExit().join();
    }
}
