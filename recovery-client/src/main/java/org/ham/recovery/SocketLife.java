package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;

/** A covered socket from when it is to be connected on. Thread-safe. */
final class SocketLife {
    private final SocketOpener opener;
    private final Exchange exchange;
    private final Connection<Socket> connection;
    private final Passage passage;
    private final InputStream input;
    private final OutputStream output;

    SocketLife(SocketPolicy policy, SocketOpener opener, ReadTimeout timeout) throws IOException {
        this.opener = opener;
        var name = opener.name();
        this.exchange = new Exchange(name, policy.capacity(), policy.protocol().begin());
        opener.rebuilds(exchange, policy.limit());
        this.connection =
                Connection.open(new Target<>(name, opener, this::isLoss, policy.patience()), policy.recovery());
        this.passage = new Passage(connection, exchange, opener, new Quiet(policy.quiet(), Ticker.SYSTEM), timeout);
        this.input = new CoveredInput(passage);
        this.output = new CoveredOutput(passage);
    }

    private boolean isLoss(IOException failure) {
        return passage.isLoss(failure);
    }

    Connection<Socket> connection() {
        return connection;
    }

    /** It is connected for the first time. */
    void connected() {
        opener.connected();
        exchange.begin(connection.generation());
        passage.quiet().end();
    }

    ReadTimeout timeout() {
        return passage.timeout();
    }

    boolean isConnected() {
        return opener.isConnected();
    }

    boolean isClosed() {
        return !connection.isOpen()
                || !exchange.isRecoverable() && connection.resource().isClosed();
    }

    InputStream input() throws IOException {
        require(passage.sides()::requireInput);
        return input;
    }

    OutputStream output() throws IOException {
        require(passage.sides()::requireOutput);
        return output;
    }

    private interface Requirement {
        void check() throws IOException;
    }

    /** What is lost, even while it is asked, is there again for the next operation. */
    private void require(Requirement requirement) throws IOException {
        if (isToComeBack()) {
            return;
        }
        try {
            requirement.check();
        } catch (SocketException e) {
            if (!isToComeBack()) {
                throw e;
            }
        }
    }

    /** It was lost and the next operation brings it back. */
    private boolean isToComeBack() {
        return isConnected() && connection.isOpen() && connection.resource().isClosed() && passage.isRecoverable();
    }

    void handshake() throws IOException {
        try {
            connection.call(socket -> {
                ((SSLSocket) socket).startHandshake();
                return true;
            });
        } catch (IOException e) {
            passage.closeIfRefused(connection.resource(), e);
            throw e;
        }
    }

    /** Gives what was so before. */
    boolean halfClosed(boolean is) {
        return passage.halfClosed(is);
    }
}
