package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.locks.ReentrantLock;
import org.ham.recovery.Line.Current;

/**
 * How bytes of a covered socket come through what it goes through at the moment: what both directions have in common. Thread-safe as a
 * socket is: one reader and one writer at a time, others wait.
 *
 * <p>Nothing is locked while a recovery function runs but what a second reader or writer would wait for.
 */
final class Passage {
    private final Connection<Socket> connection;
    private final Exchange exchange;
    private final SocketOpener opener;
    private final SocketSides sides;
    private final Quiet quiet;
    private final ReadTimeout timeout;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();

    private volatile boolean halfClosed;
    private volatile boolean talked;

    Passage(Connection<Socket> connection, Exchange exchange, SocketOpener opener, Quiet quiet, ReadTimeout timeout) {
        this.connection = connection;
        this.exchange = exchange;
        this.opener = opener;
        this.sides = new SocketSides(connection);
        this.quiet = quiet;
        this.timeout = timeout;
    }

    Connection<Socket> connection() {
        return connection;
    }

    Exchange exchange() {
        return exchange;
    }

    SocketSides sides() {
        return sides;
    }

    Quiet quiet() {
        return quiet;
    }

    ReadTimeout timeout() {
        return timeout;
    }

    /** Held by who reads. */
    ReentrantLock reading() {
        return reading;
    }

    /** Held by who writes. */
    ReentrantLock writing() {
        return writing;
    }

    boolean isHalfClosed() {
        return halfClosed;
    }

    /** Gives what was so before. */
    boolean halfClosed(boolean is) {
        var before = halfClosed;
        halfClosed = is;
        return before;
    }

    /** Whether a byte has gone through it, in either direction. */
    boolean isTalkedThrough() {
        return talked;
    }

    void operated() {
        if (!talked) {
            talked = true;
        }
        connection.operated();
    }

    boolean isLoss(IOException failure) {
        return isRecoverable() && Losses.ofSockets().test(failure) && !SocketLosses.isRefusal(failure);
    }

    /** After half a close, and where the talk says so, what is lost stays lost. */
    boolean isRecoverable() {
        return !halfClosed && exchange.isRecoverable();
    }

    /**
     * What is in use, after another thread's recovery. Where something was asked before, that may have been carried out when the
     * wait is over too soon.
     */
    Current<Socket> settled() throws RecoveryException {
        try {
            return connection.line().settled();
        } catch (RecoveryException e) {
            throw exchange.isAsking() ? e.after(e) : e;
        }
    }

    /** Before an operation in a generation: what is to be told or to be sent again comes first. */
    void enter(Current<Socket> now) throws IOException {
        if (!now.ready()) {
            throw new SocketException(connection.name() + ": the connection is lost");
        }
        if (!exchange.isIn(now.generation()) && connection.isOpen() && opener.isConnected()) {
            goOn(now);
        }
        exchange.sayRefusal();
    }

    private void goOn(Current<Socket> now) throws IOException {
        writing.lock();
        try {
            if (exchange.isIn(now.generation())) {
                return;
            }
            if (!exchange.isRebuiltOn(now.resource())) {
                opener.adopt(now.resource());
            }
            var again = exchange.goOn(now.generation(), now.resource());
            if (again.length > 0) {
                sides.out(now).write(again);
            }
        } finally {
            writing.unlock();
        }
    }

    void requireUnrefused(int refusals) throws RecoveryException {
        if (exchange.refusals() != refusals) {
            throw exchange.refused();
        }
    }

    /** Brings it back, or throws the failure, and then nothing is kept for a later one. */
    void recover(Current<Socket> now, IOException failure) throws IOException {
        var loss = isLoss(failure);
        try {
            connection.recover(now, failure);
        } catch (IOException e) {
            if (loss) {
                exchange.giveUp();
            }
            var thread = Thread.currentThread();
            if (thread.isVirtual() && thread.isInterrupted() && now.resource().isClosed()) {
                // The JDK closes a socket in which a virtual thread was interrupted.
                connection.close();
            }
            closeIfRefused(now.resource(), e);
            throw e;
        }
    }

    /** The JDK closes a TLS socket in which something was refused. */
    void closeIfRefused(Socket socket, IOException failure) throws IOException {
        if (socket.isClosed() && SocketLosses.isRefusal(failure)) {
            connection.close();
        }
    }
}
