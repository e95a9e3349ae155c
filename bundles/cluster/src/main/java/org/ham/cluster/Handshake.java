package org.ham.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;

/** Makes secure lines of TCP connections, in both directions. Thread-safe. */
final class Handshake {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final Settings settings;
    private final Credentials credentials;
    private final Limits limits;
    private final Clock clock;

    Handshake(Settings settings, Credentials credentials, Limits limits, Clock clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Connects to another node.
     *
     * @throws HamException {@code FAILED} when it cannot be reached, {@code DENIED} when it is not the one it should be
     */
    SecureLine call(String node, Address address) {
        var plain = new Socket();
        try (var _ = clock.within(limits.connectWithin(), () -> close(plain))) {
            plain.connect(
                    reachable(node, address),
                    Math.toIntExact(limits.connectWithin().toMillis()));
            var line = secure(plain, address.host(), true);
            if (!line.names().contains(node)) {
                throw new HamException(
                        Code.DENIED,
                        at(node, address) + " shows a certificate for " + line.names()
                                + "; name the node after its certificate, or correct its address");
            }
            line.awaitWelcome();
            line.within(settings.silence());
            return line;
        } catch (HamException e) {
            close(plain);
            throw e;
        } catch (SSLException e) {
            close(plain);
            throw refused(node, address, e);
        } catch (IOException e) {
            close(plain);
            throw new HamException(
                    Code.FAILED,
                    at(node, address) + " cannot be reached (" + why(e)
                            + "); see whether its HAM runs and listens there",
                    e);
        }
    }

    private static InetSocketAddress reachable(String node, Address address) {
        var resolved = address.resolve();
        if (resolved.isUnresolved()) {
            throw new HamException(
                    Code.FAILED, at(node, address) + ": there is no host of this name; correct it in ham.yaml");
        }
        return resolved;
    }

    private String why(IOException e) {
        return e instanceof SocketTimeoutException || "Socket closed".equals(e.getMessage())
                ? "nothing within " + limits.connectWithin().toMillis() + " ms"
                : String.valueOf(e.getMessage());
    }

    static String at(String node, Address address) {
        return "node " + node + " at " + address;
    }

    /** One end does not like the certificate of the other, or is no HAM at all. */
    private static HamException refused(String node, Address address, SSLException e) {
        return new HamException(
                Code.DENIED,
                at(node, address) + " and this node do not accept each other (" + e.getMessage()
                        + "); compare certificate and trust of both",
                e);
    }

    /** Lets another node in; throws {@link IOException} when it shows nothing that is believed. */
    SecureLine answer(Socket plain) throws IOException {
        try (var _ = clock.within(limits.connectWithin(), () -> close(plain))) {
            var line = secure(plain, "", false);
            line.welcome();
            line.within(settings.silence());
            return line;
        }
    }

    private SecureLine secure(Socket plain, String host, boolean calls) throws IOException {
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(Math.toIntExact(limits.connectWithin().toMillis()));
        var factory = credentials.context().getSocketFactory();
        if (!(factory.createSocket(plain, host, plain.getPort(), true) instanceof SSLSocket secure)) {
            throw new IOException("no TLS in this JVM");
        }
        secure.setUseClientMode(calls);
        secure.setNeedClientAuth(!calls);
        secure.setEnabledProtocols(PROTOCOLS);
        secure.startHandshake();
        return new SecureLine(plain, secure);
    }

    /** Ends a connection without waiting for anything. */
    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is of no more use either way.
        }
    }
}
