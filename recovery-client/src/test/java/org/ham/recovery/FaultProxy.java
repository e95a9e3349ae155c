package org.ham.recovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between a client and a server, passes on what both say, and does harm to the first connection after exactly so many bytes in
 * one direction. Later connections come through whole.
 */
final class FaultProxy implements AutoCloseable {
    /** What is done. */
    enum Fault {
        /** Both ends are closed. */
        CUT,
        /** Both ends are reset. */
        RESET,
        /** Nothing is passed on any more, in either direction. */
        STALL,
        /** The receiver sees the end of the stream; the other direction goes on. */
        HALF_CLOSE
    }

    /** Whose bytes are counted. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final SocketAddress server;
    private final Fault fault;
    private final Direction direction;
    private final long position;
    private final Runnable whenStalled;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicBoolean harmed = new AtomicBoolean();
    private final AtomicBoolean first = new AtomicBoolean(true);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    FaultProxy(SocketAddress server, Fault fault, Direction direction, long position, Runnable whenStalled)
            throws IOException {
        this.server = server;
        this.fault = fault;
        this.direction = direction;
        this.position = position;
        this.whenStalled = whenStalled;
        start(this::accept);
    }

    private void start(Runnable work) {
        threads.add(Thread.ofVirtual().name("proxy").start(work));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Whether there were so many bytes. */
    boolean hasHarmed() {
        return harmed.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = kept(listener.accept());
                var upstream = kept(new Socket());
                upstream.connect(server);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                var harms = first.getAndSet(false);
                start(() -> pass(client, upstream, harms && direction == Direction.TO_SERVER));
                start(() -> pass(upstream, client, harms && direction == Direction.TO_CLIENT));
            } catch (IOException _) {
                // closed, or the server is
            }
        }
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void pass(Socket from, Socket to, boolean harms) {
        try {
            var bytes = new byte[8192];
            var left = harms ? position : Long.MAX_VALUE;
            while (left > 0) {
                var count = from.getInputStream().read(bytes, 0, (int) Math.min(bytes.length, left));
                if (count < 0) {
                    to.shutdownOutput();
                    return;
                }
                to.getOutputStream().write(bytes, 0, count);
                left -= count;
            }
            harmed.set(true);
            harm(from, to);
        } catch (IOException _) {
            closeQuietly(from);
            closeQuietly(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void harm(Socket from, Socket to) throws IOException, InterruptedException {
        switch (fault) {
            case CUT -> {
                from.close();
                to.close();
            }
            case RESET -> {
                from.setSoLinger(true, 0);
                to.setSoLinger(true, 0);
                from.close();
                to.close();
            }
            case HALF_CLOSE -> {
                to.shutdownOutput();
                from.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            }
            case STALL -> {
                whenStalled.run();
                closed.await();
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone anyway
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closed.countDown();
        for (var socket : sockets) {
            closeQuietly(socket);
        }
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
