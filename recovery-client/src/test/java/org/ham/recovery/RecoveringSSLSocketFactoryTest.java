package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.recovery.TlsScene.hear;
import static org.ham.recovery.TlsScene.say;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of covered TLS sockets when their server is killed and restarted. */
class RecoveringSSLSocketFactoryTest {
    @TempDir
    private static Path folder;

    private static Tls tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = Tls.in(folder);
    }

    private static SSLSocketFactory covering() {
        // Nothing may come twice: each message is preceded by a look.
        var policy = SocketPolicy.of(Protocols.lines(_ -> false), Recovery.reopening())
                .quiet(Duration.ZERO);
        return new RecoveringSSLSocketFactory(policy, tls.context().getSocketFactory());
    }

    private static Counters counters(Socket socket) throws IOException {
        return RecoveringSocketFactory.connection(socket).orElseThrow().counters();
    }

    private static void talk(SSLSocket socket) throws IOException {
        say(socket, "a\n");
        assertThat(hear(socket, 2)).isEqualTo("a\n");
    }

    @Test
    void aNewConnectionHasANewHandshakeAsItWasSetUp() throws Exception {
        try (var scene = new TlsScene(tls, covering())) {
            var socket = scene.fresh();
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.connect(scene.address());
            talk(socket);
            scene.restart();
            talk(socket);
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(counters(socket).succeeded()).isPositive();
        }
    }

    @Test
    void whatLiesOnAConnectedSocketIsLaidOnAnother() throws Exception {
        try (var scene = new TlsScene(tls, covering())) {
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(scene.factory.createSocket(below, "localhost", scene.port(), true));
            talk(socket);
            scene.restart();
            talk(socket);
            assertThat(counters(socket).succeeded()).isPositive();
        }
    }

    @Test
    void aHandshakeThatIsRefusedIsNoLoss() throws Exception {
        try (var scene = new TlsScene(tls, covering())) {
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(scene.factory.createSocket(below, "elsewhere.invalid", scene.port(), true));
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            var connection = RecoveringSocketFactory.connection(socket).orElseThrow();
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasNoSuppressedExceptions();
            assertThat(connection.isOpen()).isFalse();
            assertThat(socket.isClosed()).isTrue();
        }
    }
}
