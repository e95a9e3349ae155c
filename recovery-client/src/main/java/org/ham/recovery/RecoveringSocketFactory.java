package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.SocketFactory;

/**
 * Makes sockets that come back when their peer is restarted, for any client that takes a socket factory. What happens when a
 * connection is lost is said by the {@link SocketPolicy}; while none is, a socket behaves as those of the factory below. Thread-safe.
 *
 * <p>A client that wants the name of a class with a constructor without arguments gets a subclass that passes its policy.
 */
public class RecoveringSocketFactory extends SocketFactory {
    private final SocketPolicy policy;
    private final SocketFactory below;

    /** Covers the sockets of the JDK. */
    public RecoveringSocketFactory(SocketPolicy policy) {
        this(policy, SocketFactory.getDefault());
    }

    /** Covers the sockets of another factory, which must make unconnected ones. */
    public RecoveringSocketFactory(SocketPolicy policy, SocketFactory below) {
        this.policy = requireNonNull(policy, "policy");
        this.below = requireNonNull(below, "below");
    }

    /**
     * The connection behind a socket of this factory or of a {@link RecoveringSSLSocketFactory}: limits, counters, suspend. There is
     * none before it is connected.
     */
    public static Optional<Connection<Socket>> connection(Socket socket) {
        return switch (socket) {
            case RecoveringSocket plain -> plain.covered().connection();
            case RecoveringSSLSocket tls -> tls.covered().connection();
            default -> Optional.empty();
        };
    }

    @Override
    public Socket createSocket() throws IOException {
        return new RecoveringSocket(new CoveredSocket(policy, SocketMaker.of(below), below.createSocket()));
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
}
