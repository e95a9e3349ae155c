package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.ham.recovery.SocketPolicy.Connecting;
import org.jspecify.annotations.Nullable;

/** What the covers of plain and of TLS sockets have in common: a socket that was made, and its life from connecting on. Thread-safe. */
final class CoveredSocket {
    private final SocketPolicy policy;
    private final SocketMaker maker;
    private final Socket made;
    private final SocketSettings settings = new SocketSettings();
    private volatile @Nullable SocketLife life;

    /** Covers a socket that the maker has made, which is connected or is not. */
    CoveredSocket(SocketPolicy policy, SocketMaker maker, Socket made) throws IOException {
        this.policy = policy;
        this.maker = maker;
        this.made = made;
        if (made.isConnected()) {
            begin(made.getRemoteSocketAddress(), 0).connected();
        }
    }

    private SocketLife begin(SocketAddress remote, int timeoutMs) throws IOException {
        var begun = new SocketLife(
                policy,
                new SocketOpener(maker, settings, made, remote, timeoutMs),
                new ReadTimeout(made.getSoTimeout()));
        life = begun;
        return begun;
    }

    /** From when it was first to be connected on. */
    Optional<Connection<Socket>> connection() {
        return Optional.ofNullable(life).map(SocketLife::connection);
    }

    /** What it goes through now. */
    Socket now() {
        var begun = life;
        return begun == null ? made : begun.connection().resource();
    }

    /** The same, after a recovery that is under way. */
    Socket settled() throws SocketException {
        var begun = life;
        try {
            return begun == null ? made : begun.connection().line().settled().resource();
        } catch (RecoveryException e) {
            throw SocketLosses.asSocketException(e);
        }
    }

    /** Asks a socket for something. */
    @FunctionalInterface
    interface Question<T, E extends IOException> {
        T of(Socket socket) throws E;
    }

    /** Asks what it goes through, after a recovery that is under way; what another thread takes out of use meanwhile is not that. */
    <T, E extends IOException> T ask(Question<T, E> question) throws E, SocketException {
        var begun = life;
        try {
            return begun == null
                    ? question.of(made)
                    : begun.connection().line().ask(now -> question.of(now.resource()));
        } catch (RecoveryException e) {
            throw SocketLosses.asSocketException(e);
        }
    }

    /** Sets something on it in the same way; gives what it was set on. */
    private Socket setOn(SocketSettings.Setting setting) throws IOException {
        return ask(socket -> {
            setting.on(socket);
            return socket;
        });
    }

    /** Refuses as the socket does when it is closed, not connected or half closed. */
    InputStream input() throws IOException {
        var begun = life;
        return begun == null ? made.getInputStream() : begun.input();
    }

    OutputStream output() throws IOException {
        var begun = life;
        return begun == null ? made.getOutputStream() : begun.output();
    }

    void bind(SocketAddress local) throws SocketException {
        set("bind", socket -> socket.bind(local), socket -> {
            // What was opened elsewhere has its place already.
            if (!socket.isBound()) {
                // What was lost may still hold the port.
                socket.setReuseAddress(true);
                socket.bind(local);
            }
        });
    }

    /** Sets something, on what comes later too. */
    void set(Object kind, SocketSettings.Setting setting) throws SocketException {
        set(kind, setting, setting);
    }

    /** The same with another conduct on what comes later. */
    private void set(Object kind, SocketSettings.Setting now, SocketSettings.Setting later) throws SocketException {
        try {
            setNow(kind, now, later);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw SocketLosses.asSocketException(e);
        }
    }

    private void setNow(Object kind, SocketSettings.Setting now, SocketSettings.Setting later) throws IOException {
        var socket = setOn(now);
        settings.add(kind, later);
        if (now() != socket) {
            // It was opened while this was not yet known.
            setOn(now);
        }
    }

    /** How long a read may take, in milliseconds; without end when it is 0. */
    int readTimeout() throws SocketException {
        // It says itself that it is closed.
        var set = ask(Socket::getSoTimeout);
        var begun = life;
        return begun == null ? set : begun.timeout().millis();
    }

    void readTimeout(int millis) throws SocketException {
        set(
                "timeout",
                socket -> {
                    var begun = life;
                    if (begun == null) {
                        socket.setSoTimeout(millis);
                    } else {
                        begun.timeout().set(socket, millis);
                    }
                },
                socket -> socket.setSoTimeout(millis));
    }

    void remember(Object kind, SocketSettings.Setting later) {
        settings.add(kind, later);
    }

    void forget(Object kind) {
        settings.remove(kind);
    }

    void connect(SocketAddress address, int timeoutMs) throws IOException {
        if (life != null || made.isClosed()) {
            // It says itself what is wrong with that.
            now().connect(address, timeoutMs);
            return;
        }
        var begun = begin(address, timeoutMs);
        try {
            if (policy.connecting() == Connecting.RECOVERED) {
                begun.connection().call(socket -> connectOnce(socket, address, timeoutMs));
            } else {
                connectOnce(made, address, timeoutMs);
            }
        } catch (IOException e) {
            close();
            throw e;
        } catch (RuntimeException e) {
            // That is no place to go to; there may be others.
            life = null;
            throw e;
        }
        begun.connected();
    }

    private static boolean connectOnce(Socket socket, SocketAddress address, int timeoutMs) throws IOException {
        if (!socket.isConnected()) {
            SocketMaker.connectToAnother(socket, address, timeoutMs);
        }
        return true;
    }

    boolean isConnected() {
        var begun = life;
        return begun != null && begun.isConnected();
    }

    boolean isClosed() {
        var begun = life;
        return begun == null ? made.isClosed() : begun.isClosed();
    }

    void close() throws IOException {
        var begun = life;
        if (begun == null) {
            made.close();
        } else {
            begun.connection().close();
        }
    }

    /** A handshake that is cut is a loss; one that is refused ends the socket, as it does one of the JDK. */
    void handshake() throws IOException {
        var begun = life;
        if (begun == null || !begun.connection().isOpen()) {
            // It says itself what is wrong with that.
            ((SSLSocket) now()).startHandshake();
        } else {
            begun.handshake();
        }
    }

    /** After half a close a loss is final, and for a reader that it wakes up already. */
    void halfClose(SocketSettings.Setting half) throws IOException {
        var begun = life;
        var before = begun != null && begun.halfClosed(true);
        try {
            setOn(half);
        } catch (IOException | RuntimeException e) {
            if (begun != null) {
                // Another thread may have ended a direction meanwhile.
                begun.halfClosed(before || now().isInputShutdown() || now().isOutputShutdown());
            }
            throw e;
        }
    }
}
