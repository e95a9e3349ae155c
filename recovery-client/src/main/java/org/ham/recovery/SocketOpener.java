package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens what a covered socket goes through: the first one as it is, each later one set up, connected and logged in. Thread-safe. */
final class SocketOpener implements Opener<Socket> {
    private final SocketMaker maker;
    private final SocketSettings settings;
    private final Exchange exchange;
    private final int limitMs;

    private volatile @Nullable Socket first;
    private volatile @Nullable SocketAddress remote;
    private volatile int connectMs;
    private volatile boolean connected;

    SocketOpener(SocketMaker maker, SocketSettings settings, Exchange exchange, Duration limit, Socket first) {
        this.maker = maker;
        this.settings = settings;
        this.exchange = exchange;
        this.limitMs = (int) Math.min(limit.toMillis(), Integer.MAX_VALUE);
        this.first = first;
        this.remote = first.getRemoteSocketAddress();
        this.connected = first.isConnected();
    }

    /** Where it is about to be connected to for the first time. */
    void goesTo(SocketAddress address, int timeoutMs) {
        remote = address;
        connectMs = timeoutMs;
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
        exchange.lost();
        made = maker.make();
        try {
            return open(made);
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private Socket open(Socket made) throws IOException {
        settings.applyTo(made);
        var to = remote;
        if (to == null) {
            return made;
        }
        var opened = maker.connect(made, to, connectMs > 0 ? Math.min(connectMs, limitMs) : limitMs);
        if (opened != made) {
            settings.applyTo(opened);
        }
        if (connected) {
            rebuild(opened);
        }
        return opened;
    }

    private void rebuild(Socket opened) throws IOException {
        var timeout = opened.getSoTimeout();
        opened.setSoTimeout(limitMs);
        if (opened instanceof SSLSocket tls) {
            tls.startHandshake();
        }
        exchange.rebuild(opened);
        opened.setSoTimeout(timeout);
    }
}
