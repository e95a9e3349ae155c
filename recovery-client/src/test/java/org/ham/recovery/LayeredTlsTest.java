package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.recovery.TlsScene.hear;
import static org.ham.recovery.TlsScene.say;

import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS over a socket that a client has connected itself, as many do, is set up again as it was. */
class LayeredTlsTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsLaidOnAnotherSocketIsSetUpAsTheFirst() throws Exception {
        var tls = Tls.in(folder);
        var policy = SocketPolicy.of(Protocols.lines(_ -> true), Recovery.reopening())
                .quiet(Duration.ZERO);
        var factory = new RecoveringSSLSocketFactory(policy, tls.context().getSocketFactory());
        try (var scene = new TlsScene(tls, factory)) {
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(factory.createSocket(below, "localhost", scene.port(), true));
            var handshakes = new LinkedBlockingQueue<String>();
            socket.addHandshakeCompletedListener(
                    event -> handshakes.add(event.getSession().getProtocol()));
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setTcpNoDelay(true);
            for (var connection = 0; connection < 2; connection++) {
                say(socket, "a\n");
                assertThat(hear(socket, 2)).isEqualTo("a\n");
                assertThat(handshakes.poll(1, TimeUnit.MINUTES)).isEqualTo("TLSv1.2");
                assertThat(socket.getTcpNoDelay()).isTrue();
                scene.restart();
            }
        }
    }
}
