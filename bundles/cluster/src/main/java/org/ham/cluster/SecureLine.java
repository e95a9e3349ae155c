package org.ham.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;

/**
 * A connection to another node after both have shown their certificates. It keeps itself alive: an empty line goes out when there was
 * nothing else for a while, and those that come in are left out. One thread may read while another writes, and a third closes.
 */
final class SecureLine implements AutoCloseable {
    private final Socket plain;
    private final InputStream in;
    private final OutputStream out;
    private final SSLSocket secure;
    private final List<String> names;
    private final ReentrantLock writing = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int first = -1;
    private boolean begun;
    private boolean lineEnded = true;
    private boolean outputEnded;
    private long writes;

    /**
     * @param plain what carries it: closing it ends whatever waits, while closing the other one would wait itself
     * @param secure after its handshake
     */
    SecureLine(Socket plain, SSLSocket secure) throws IOException {
        this.plain = plain;
        this.secure = secure;
        in = secure.getInputStream();
        out = secure.getOutputStream();
        names = Credentials.names(secure.getSession());
    }

    /** The names of the certificate at the other end. */
    List<String> names() {
        return names;
    }

    /** Lets the other end know that it was let in. */
    void welcome() throws IOException {
        write(new byte[] {'\n'}, 1);
    }

    /**
     * Waits until the other end has let this one in. Only then does this end know: it is through with its part of the handshake
     * before the other one has seen its certificate, and what it sends meanwhile would make the reason for a refusal get lost.
     */
    void awaitWelcome() throws IOException {
        first = in.read();
        if (first < 0) {
            throw new EOFException("it ended the connection when it saw the certificate of this node");
        }
    }

    /** From now on it may be silent for so long. */
    void within(Duration silence) throws IOException {
        secure.setSoTimeout(Math.toIntExact(silence.toMillis()));
    }

    /** Sends something; it may end within a line. */
    void write(byte[] bytes, int length) throws IOException {
        if (length == 0) {
            return;
        }
        writing.lock();
        try {
            writes++;
            lineEnded = bytes[length - 1] == '\n';
            out.write(bytes, 0, length);
        } finally {
            writing.unlock();
        }
    }

    /**
     * What comes, without empty lines; waits for something.
     *
     * @return how many bytes, -1 when nothing more comes
     * @throws java.net.SocketTimeoutException when the other end was silent for too long
     */
    int read(byte[] bytes) throws IOException {
        while (true) {
            var count = some(bytes);
            if (count < 0) {
                return -1;
            }
            var kept = squeeze(bytes, count);
            if (kept > 0) {
                return kept;
            }
        }
    }

    private int some(byte[] bytes) throws IOException {
        if (first < 0) {
            return in.read(bytes);
        }
        bytes[0] = (byte) first;
        first = -1;
        return 1;
    }

    /** Leaves out the ends of lines that have not begun. */
    private int squeeze(byte[] bytes, int count) {
        var kept = 0;
        for (var i = 0; i < count; i++) {
            if (bytes[i] != '\n' || begun) {
                bytes[kept++] = bytes[i];
            }
            begun = bytes[i] != '\n';
        }
        return kept;
    }

    /** Keeps it alive, on a thread of its own until it is closed. */
    void beat(Duration every) {
        var before = -1L;
        try {
            while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                before = beat(before);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            close();
        }
    }

    private long beat(long before) throws IOException {
        writing.lock();
        try {
            if (writes == before && lineEnded && !outputEnded) {
                out.write('\n');
            }
            return writes;
        } finally {
            writing.unlock();
        }
    }

    /** Nothing more is sent; what comes can still be read. */
    void endOutput() throws IOException {
        writing.lock();
        try {
            if (!outputEnded) {
                outputEnded = true;
                secure.shutdownOutput();
            }
        } finally {
            writing.unlock();
        }
    }

    /** Ends it at once, with whatever waits on it. */
    @Override
    public void close() {
        closed.countDown();
        try {
            plain.close();
        } catch (IOException _) {
            // It is of no more use either way.
        }
    }
}
