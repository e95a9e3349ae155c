package org.ham.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A connected socket. Thread-safe as its interface says. */
final class SocketConnection implements UnixConnection {
    private static final int BUFFER = 8192;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_WRITE = 1;
    private static final int SHUT_BOTH = 2;

    private final SocketEnd end;
    private final Peer peer;
    private final InputStream in = new In();
    private final OutputStream out = new Out();

    private SocketConnection(SocketEnd end, Peer peer) {
        this.end = end;
        this.peer = peer;
    }

    /** Takes over a connected descriptor, and closes it when that fails. */
    static SocketConnection of(int fd, SocketPoller poller, Peers peers) {
        Peer peer = peerOrClose(fd, peers);
        return new SocketConnection(new SocketEnd(fd, poller), peer);
    }

    private static Peer peerOrClose(int fd, Peers peers) {
        try {
            return peers.connected(fd);
        } catch (LinuxException e) {
            Syscall.close(fd);
            throw e;
        }
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void close() {
        end.whenWritable(fd -> Syscall.call(Syscall.SHUTDOWN, fd, SHUT_BOTH));
        end.close();
    }

    private static IOException failed(String what, long result) {
        if (result == -Errno.EINTR) {
            return new InterruptedIOException("interrupted");
        }
        return new IOException(what + ": " + Errno.text((int) -result));
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            int most = Math.min(length, BUFFER);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(most);
                long count = end.whenReadable(fd -> Syscall.call(Syscall.READ, fd, buffer.address(), most));
                if (count < 0) {
                    throw failed("cannot read from the socket", count);
                }
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, (int) count);
                return count == 0 ? -1 : (int) count;
            }
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            int most = Math.min(length, BUFFER);
            int written = 0;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(Math.max(most, 1));
                while (written < length) {
                    int part = Math.min(most, length - written);
                    MemorySegment.copy(bytes, offset + written, buffer, ValueLayout.JAVA_BYTE, 0, part);
                    written += send(buffer, part);
                }
            }
        }

        private int send(MemorySegment buffer, int part) throws IOException {
            long count = end.whenWritable(
                    fd -> Syscall.call(Syscall.SENDTO, fd, buffer.address(), part, MSG_NOSIGNAL, 0, 0));
            if (count < 0) {
                throw failed("cannot write to the socket", count);
            }
            return (int) count;
        }

        @Override
        public void close() {
            end.whenWritable(fd -> Syscall.call(Syscall.SHUTDOWN, fd, SHUT_WRITE));
        }
    }
}
