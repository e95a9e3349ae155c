package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A server that keeps its side of a stream: how much of the client's it has, and all that it has written. A connection begins with
 * the stream, or with what is said when the stream goes on. Thread-safe.
 */
final class ResumingServer {
    /** No request begins with it. */
    private static final byte RESUME = 0;

    private static final int OUTDATED = -1;

    private final Ledger ledger;
    private final StringBuilder line = new StringBuilder();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long received;
    private int connections;

    ResumingServer(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The client's side of going on. */
    static long shake(SocketChannel channel, long received) throws IOException {
        write(channel, ByteBuffer.allocate(9).put(RESUME).putLong(received).flip());
        return read(channel, Long.BYTES).getLong();
    }

    private static ByteBuffer read(SocketChannel channel, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void serve(SocketChannel client) throws IOException {
        var one = ByteBuffer.allocate(1);
        var mine = 0;
        while (client.read(one.clear()) > 0) {
            if (one.get(0) == RESUME) {
                mine = goOn(client, read(client, Long.BYTES).getLong());
            } else {
                mine = mine == 0 ? beginFirst() : mine;
                write(client, take(mine, (char) one.get(0)));
            }
        }
    }

    /** What it reads of the first one only when there is a later one counts for nothing. */
    private synchronized int beginFirst() {
        return connections == 0 ? begin() : OUTDATED;
    }

    private synchronized int begin() {
        connections++;
        return connections;
    }

    /** From here on what comes over older connections is not taken. */
    private synchronized int goOn(SocketChannel client, long has) throws IOException {
        write(client, ByteBuffer.allocate(Long.BYTES).putLong(received).flip());
        write(client, ByteBuffer.wrap(written.toByteArray()).position((int) has));
        return begin();
    }

    private synchronized ByteBuffer take(int connection, char next) {
        if (connection != connections) {
            return ByteBuffer.allocate(0);
        }
        received++;
        if (next != '\n') {
            line.append(next);
            return ByteBuffer.allocate(0);
        }
        var answer = (ledger.carryOut(line.toString()) + "\n").getBytes(US_ASCII);
        line.setLength(0);
        written.writeBytes(answer);
        return ByteBuffer.wrap(answer);
    }
}
