package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ham.recovery.Line.Current;

/** The reading side of a covered socket. Thread-safe: a second reader waits. */
final class CoveredInput extends InputStream {
    private final Passage passage;
    private final Connection<Socket> connection;
    private final Exchange exchange;

    CoveredInput(Passage passage) {
        this.passage = passage;
        this.connection = passage.connection();
        this.exchange = passage.exchange();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) > 0 ? Byte.toUnsignedInt(one[0]) : -1;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        Objects.checkFromIndexSize(offset, most, to.length);
        if (most == 0) {
            return 0;
        }
        lock();
        try {
            var refusals = exchange.refusals();
            var count = 0;
            while (count == 0) {
                count = readOnce(passage.settled(), refusals, to, offset, most);
            }
            return count;
        } finally {
            passage.reading().unlock();
        }
    }

    /** Waits for another reader as long as a read may take. */
    private void lock() throws IOException {
        if (passage.reading().tryLock()) {
            return;
        }
        var timeout = passage.timeout().millis();
        if (timeout <= 0) {
            passage.reading().lock();
            return;
        }
        try {
            if (!passage.reading().tryLock(timeout, TimeUnit.MILLISECONDS)) {
                throw new SocketTimeoutException("Read timed out");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new SocketException("Closed by interrupt");
        }
    }

    /** Zero when it is to be tried again. */
    private int readOnce(Current<Socket> now, int refusals, byte[] to, int offset, int most) throws IOException {
        try {
            passage.enter(now);
            passage.requireUnrefused(refusals);
            var ahead = exchange.take(now.generation(), to, offset, most);
            return ahead > 0 ? ahead : readThrough(now, to, offset, most);
        } catch (EndOfStream end) {
            return isRecovered(now, end) ? 0 : -1;
        } catch (IOException e) {
            passage.recover(now, e);
            return 0;
        }
    }

    private int readThrough(Current<Socket> now, byte[] to, int offset, int most) throws IOException {
        var count = passage.sides().in(now).read(to, offset, most);
        if (count < 0) {
            if (passage.isRecoverable()) {
                throw new EndOfStream(connection.name());
            }
            return count;
        }
        if (!exchange.received(now.generation(), to, offset, count)) {
            // It belongs to a connection that another thread knows to be lost.
            return 0;
        }
        passage.operated();
        passage.quiet().end();
        return count;
    }

    /** The end of the stream stays an end when nobody tries to recover from it. */
    private boolean isRecovered(Current<Socket> now, EndOfStream end) throws IOException {
        try {
            passage.recover(now, end);
            return true;
        } catch (EndOfStream e) {
            if (e.getSuppressed().length > 0) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public int available() throws IOException {
        return exchange.ahead()
                + passage.sides().in(connection.line().settled()).available();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
