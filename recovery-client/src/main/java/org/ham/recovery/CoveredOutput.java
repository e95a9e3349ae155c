package org.ham.recovery;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import org.ham.recovery.Exchange.Sending;
import org.ham.recovery.Line.Current;

/** The writing side of a covered socket. Thread-safe: a second writer waits. */
final class CoveredOutput extends OutputStream {
    private final Passage passage;
    private final Connection<Socket> connection;
    private final Exchange exchange;

    CoveredOutput(Passage passage) {
        this.passage = passage;
        this.connection = passage.connection();
        this.exchange = passage.exchange();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, from.length);
        if (count == 0) {
            return;
        }
        passage.writing().lock();
        try {
            var refusals = exchange.refusals();
            // Part of the talk, and so sent again with all that belongs to it unless it must not be.
            var begun = false;
            var done = false;
            while (!done) {
                var now = begun ? passage.settled() : connection.line().settled();
                try {
                    passage.enter(now);
                    if (begun) {
                        passage.requireUnrefused(refusals);
                        return;
                    }
                    begun = isBegun(now, from, offset, count);
                    done = begun && isWritten(now, from, offset, count);
                } catch (IOException e) {
                    passage.recover(now, e);
                }
            }
        } finally {
            passage.writing().unlock();
        }
    }

    /** When it is closed nothing is begun, and the socket says so itself. */
    private boolean isBegun(Current<Socket> now, byte[] from, int offset, int count) throws IOException {
        if (now.resource().isClosed() && connection.isOpen()) {
            // Known before the first byte of it goes anywhere.
            throw new SocketException("Socket closed");
        }
        var sending = exchange.sending(now.generation(), from, offset, count);
        if (sending == Sending.AT_STAKE && !passage.quiet().endsShort()) {
            lookFirst(now);
        }
        return sending != Sending.ELSEWHERE || !connection.isOpen();
    }

    private void lookFirst(Current<Socket> now) throws IOException {
        try {
            Look.at(passage, now);
            passage.quiet().end();
        } catch (IOException e) {
            exchange.unsent(now.generation());
            throw e;
        }
    }

    private boolean isWritten(Current<Socket> now, byte[] from, int offset, int count) throws IOException {
        passage.sides().out(now).write(from, offset, count);
        passage.operated();
        return true;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
