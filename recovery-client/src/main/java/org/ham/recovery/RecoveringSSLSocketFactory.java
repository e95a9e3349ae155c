package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes TLS sockets that come back when their peer is restarted: each recovery makes a new connection with a new handshake. A
 * handshake that is refused is no loss; one that is cut is. The rest is said by the {@link SocketPolicy}, whose protocol is what goes
 * through TLS. Thread-safe.
 */
public class RecoveringSSLSocketFactory extends SSLSocketFactory {
    private final SocketPolicy policy;
    private final SSLSocketFactory below;
    private final SocketFactory underneath;

    /** Covers the TLS sockets of a factory, such as one of an {@link javax.net.ssl.SSLContext}. */
    public RecoveringSSLSocketFactory(SocketPolicy policy, SSLSocketFactory below) {
        this(policy, below, SocketFactory.getDefault());
    }

    /**
     * The same with a factory of the sockets that those lie on which were made over a connected socket, for a later connection. It goes to
     * where the first one went; whatever was said there before TLS began (a proxy, {@code STARTTLS}) is to be said again by a socket
     * of this factory as it connects.
     */
    public RecoveringSSLSocketFactory(SocketPolicy policy, SSLSocketFactory below, SocketFactory underneath) {
        this.policy = requireNonNull(policy, "policy");
        this.below = requireNonNull(below, "below");
        this.underneath = requireNonNull(underneath, "underneath");
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return below.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return below.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
        return new RecoveringSSLSocket(new CoveredSocket(policy, SocketMaker.of(below), below.createSocket()));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return Endpoints.connect(createSocket(), Endpoints.of(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return Endpoints.connect(createSocket(), new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return Endpoints.connect(createSocket(), Endpoints.of(host, port), localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return Endpoints.connect(createSocket(), new InetSocketAddress(host, port), localHost, localPort);
    }

    /** TLS over a socket that is connected. */
    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        var first = below.createSocket(socket, host, port, autoClose);
        return new RecoveringSSLSocket(
                new CoveredSocket(policy, SocketMaker.layered(below, underneath, host, port), first));
    }

    /** The server's side of TLS, which nobody here can connect again: not covered. */
    @Override
    public Socket createSocket(Socket socket, InputStream consumed, boolean autoClose) throws IOException {
        return below.createSocket(socket, consumed, autoClose);
    }
}
