package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;
import org.ham.recovery.SocketPolicy.Connecting;

/** What the covers of plain and of TLS sockets have in common. Thread-safe. */
final class CoveredSocket {
    private final SocketPolicy policy;
    private final Exchange exchange;
    private final SocketSettings settings = new SocketSettings();
    private final SocketOpener opener;
    private final Connection<Socket> connection;
    private final Passage passage;
    private final InputStream input;
    private final OutputStream output;

    /** Covers a socket that the maker has made, which is connected or is not. */
    CoveredSocket(SocketPolicy policy, SocketMaker maker, Socket made) throws IOException {
        this.policy = policy;
        var name = made.isConnected() ? String.valueOf(made.getRemoteSocketAddress()) : "socket";
        this.exchange = new Exchange(name, policy.capacity(), policy.protocol().begin());
        this.opener = new SocketOpener(maker, settings, exchange, policy.limit(), made);
        this.connection =
                Connection.open(new Target<>(name, opener, this::isLoss, policy.patience()), policy.recovery());
        this.passage = new Passage(connection, exchange, opener, new Quiet(policy.quiet()));
        this.input = new CoveredInput(passage);
        this.output = new CoveredOutput(passage);
        if (opener.isConnected()) {
            exchange.begin(connection.generation());
        }
    }

    private boolean isLoss(IOException failure) {
        return passage.isLoss(failure);
    }

    /** Refuses as the socket does when it is closed, not connected or half closed. */
    InputStream input() throws IOException {
        if (!isToComeBack()) {
            passage.sides().requireInput();
        }
        return input;
    }

    OutputStream output() throws IOException {
        if (!isToComeBack()) {
            passage.sides().requireOutput();
        }
        return output;
    }

    /** It was lost and the next operation brings it back. */
    private boolean isToComeBack() {
        return isConnected() && connection.isOpen() && now().isClosed() && passage.isRecoverable();
    }

    Connection<Socket> connection() {
        return connection;
    }

    /** What it goes through now. */
    Socket now() {
        return connection.resource();
    }

    /** The same, after a recovery that is under way. */
    Socket settled() throws SocketException {
        try {
            return connection.line().settled().resource();
        } catch (RecoveryException e) {
            throw SocketLosses.asSocketException(e);
        }
    }

    /** Sets something, on what comes later too. */
    void set(Object kind, SocketSettings.Setting setting) throws IOException {
        set(kind, setting, setting);
    }

    /** The same with another conduct on what comes later. */
    void set(Object kind, SocketSettings.Setting now, SocketSettings.Setting later) throws IOException {
        var socket = settled();
        now.on(socket);
        settings.add(kind, later);
        if (now() != socket) {
            // It was opened while this was not yet known.
            now.on(settled());
        }
    }

    void remember(Object kind, SocketSettings.Setting later) {
        settings.add(kind, later);
    }

    void forget(Object kind) {
        settings.remove(kind);
    }

    void connect(SocketAddress address, int timeoutMs) throws IOException {
        if (isConnected() || now().isClosed()) {
            // It says itself what is wrong with that.
            now().connect(address, timeoutMs);
            return;
        }
        opener.goesTo(address, timeoutMs);
        try {
            if (policy.connecting() == Connecting.RECOVERED) {
                connection.call(socket -> connectOnce(socket, address, timeoutMs));
            } else {
                connectOnce(now(), address, timeoutMs);
            }
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        opener.connected();
        exchange.begin(connection.generation());
        passage.quiet().end();
    }

    private static boolean connectOnce(Socket socket, SocketAddress address, int timeoutMs) throws IOException {
        if (!socket.isConnected()) {
            socket.connect(address, timeoutMs);
        }
        return true;
    }

    boolean isConnected() {
        return opener.isConnected();
    }

    boolean isClosed() {
        return !connection.isOpen() || !exchange.isRecoverable() && now().isClosed();
    }

    void close() throws IOException {
        connection.close();
    }

    /** A handshake that is cut is a loss; one that is refused ends the socket, as it does one of the JDK. */
    void handshake() throws IOException {
        if (!connection.isOpen()) {
            // It says itself what is wrong with that.
            ((SSLSocket) now()).startHandshake();
            return;
        }
        try {
            connection.call(socket -> {
                ((SSLSocket) socket).startHandshake();
                return true;
            });
        } catch (IOException e) {
            passage.closeIfRefused(now(), e);
            throw e;
        }
    }

    /** After half a close a loss is final. */
    void halfClose(SocketSettings.Setting half) throws IOException {
        half.on(settled());
        passage.halfClosed();
    }
}
