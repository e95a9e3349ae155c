package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens what a covered socket goes through: the first one as it is, each later one set up, connected and logged in. Thread-safe. */
final class SocketOpener implements Opener<Socket> {
    private final SocketMaker maker;
    private final SocketSettings settings;
    private final SocketAddress remote;
    private final int connectMs;

    private volatile @Nullable Socket first;
    private volatile @Nullable Exchange exchange;
    private volatile int limitMs;
    private volatile boolean connected;

    SocketOpener(SocketMaker maker, SocketSettings settings, Socket first, SocketAddress remote, int connectMs) {
        this.maker = maker;
        this.settings = settings;
        this.first = first;
        this.remote = remote;
        this.connectMs = connectMs;
    }

    /** Where it goes to. */
    String name() {
        return String.valueOf(remote);
    }

    /** What is to be rebuilt on each later one, and how long each step of that may take. */
    void rebuilds(Exchange talk, Duration limit) {
        exchange = talk;
        limitMs = (int) Math.min(limit.toMillis(), Integer.MAX_VALUE);
    }

    void connected() {
        connected = true;
    }

    boolean isConnected() {
        return connected;
    }

    @Override
    public Socket open() throws IOException {
        var made = first;
        if (made != null) {
            first = null;
            return made;
        }
        exchange().lost();
        made = maker.make();
        try {
            return open(made);
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private Exchange exchange() {
        return Objects.requireNonNull(exchange, "exchange");
    }

    private Socket open(Socket made) throws IOException {
        settings.applyTo(made);
        var opened = maker.connect(made, remote, connectMs > 0 ? Math.min(connectMs, limitMs) : limitMs);
        if (opened != made) {
            settings.applyTo(opened);
        }
        if (connected) {
            rebuild(opened);
        }
        return opened;
    }

    /** One that was opened elsewhere by the recovery function. It fails as one that is lost, for there may be still another. */
    void adopt(Socket elsewhere) throws SocketException {
        try {
            settings.applyTo(elsewhere);
            rebuild(elsewhere);
        } catch (IOException e) {
            throw SocketLosses.asSocketException(e);
        }
    }

    private void rebuild(Socket opened) throws IOException {
        var timeout = opened.getSoTimeout();
        opened.setSoTimeout(limitMs);
        if (opened instanceof SSLSocket tls) {
            tls.startHandshake();
        }
        exchange().rebuild(opened);
        opened.setSoTimeout(timeout);
    }
}
