package org.ham.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.recovery.TlsScene.hear;
import static org.ham.recovery.TlsScene.say;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.ham.recovery.Transcript.Case;
import org.ham.recovery.Transcript.Script;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While nothing fails, a socket of the covering TLS factory is what one of the JDK is. */
class TlsSocketTckTest {
    private static final List<Case<TlsScene>> CASES = new ArrayList<>();

    @TempDir
    private static Path folder;

    private static Tls tls;

    @BeforeAll
    static void makeCertificate() throws Exception {
        tls = Tls.in(folder);
    }

    private static void when(String name, Script<TlsScene> script) {
        CASES.add(new Case<>(name, script));
    }

    static {
        when("it is new", (scene, seen) -> state(scene.fresh(), seen));
        when("a new one is closed", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("close", socket::close);
            state(socket, seen);
            seen.effect("connect", () -> socket.connect(scene.address()));
            seen.effect("handshake", socket::startHandshake);
        });
        when("a new one is used as if it were connected", (scene, seen) -> {
            var socket = scene.fresh();
            seen.result("input", socket::getInputStream);
            seen.result("output", socket::getOutputStream);
            seen.effect("handshake", socket::startHandshake);
            seen.effect("end output", socket::shutdownOutput);
            seen.effect("end input", socket::shutdownInput);
        });
        when("it is connected", (scene, seen) -> {
            var socket = scene.connected();
            state(socket, seen);
            seen.effect("connect again", () -> socket.connect(scene.address()));
            seen.effect("bind", () -> socket.bind(null));
        });
        when("bytes go to and fro", (scene, seen) -> {
            var socket = scene.connected();
            seen.effect("write", () -> say(socket, "abc"));
            seen.result("read", () -> hear(socket, 3));
            session(socket, seen);
            seen.effect("write none", () -> socket.getOutputStream().write(new byte[0]));
            seen.result("read none", () -> socket.getInputStream().read(new byte[0]));
            seen.effect("outside", () -> socket.getOutputStream().write(new byte[1], 0, 2));
            seen.effect("outside", () -> socket.getInputStream().read(new byte[1], 0, 2));
        });
        when("bytes come in parts", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "abcdef");
            var in = socket.getInputStream();
            seen.result("one", in::read);
            seen.result("rest", () -> hear(socket, 5));
            seen.result("available", in::available);
            seen.result("marks", in::markSupported);
            seen.effect("reset", in::reset);
            say(socket, "ghij");
            seen.result("skip", () -> {
                in.skipNBytes(3);
                return in.read();
            });
        });
        when("the handshake is begun by hand", (scene, seen) -> {
            var socket = scene.connected();
            seen.effect("handshake", socket::startHandshake);
            session(socket, seen);
            seen.effect("again", socket::startHandshake);
            seen.effect("write", () -> say(socket, "a"));
            seen.result("read", () -> hear(socket, 1));
        });
        when("the session is asked for first", (scene, seen) -> session(scene.connected(), seen));
        when("a listener is told", (scene, seen) -> {
            var socket = scene.connected();
            var told = new LinkedBlockingQueue<HandshakeCompletedEvent>();
            seen.effect("add", () -> socket.addHandshakeCompletedListener(told::add));
            socket.startHandshake();
            var event = told.poll(SocketScene.LIMIT_MS, TimeUnit.MILLISECONDS);
            seen.result("it", () -> event != null && event.getSocket() == socket);
            seen.result(
                    "suite",
                    () -> event != null
                            && event.getCipherSuite().equals(socket.getSession().getCipherSuite()));
        });
        when("a listener is removed", (scene, seen) -> {
            var socket = scene.connected();
            javax.net.ssl.HandshakeCompletedListener listener = _ -> {};
            seen.effect("null", () -> socket.addHandshakeCompletedListener(null));
            seen.effect("unknown", () -> socket.removeHandshakeCompletedListener(listener));
            socket.addHandshakeCompletedListener(listener);
            seen.effect("known", () -> socket.removeHandshakeCompletedListener(listener));
            seen.effect("again", () -> socket.removeHandshakeCompletedListener(listener));
        });
        when("protocols are chosen", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("one", () -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}));
            seen.result("it", () -> Arrays.toString(socket.getEnabledProtocols()));
            seen.effect("nonsense", () -> socket.setEnabledProtocols(new String[] {"x"}));
            seen.effect("null", () -> socket.setEnabledProtocols(null));
            socket.connect(scene.address());
            say(socket, "a");
            session(socket, seen);
        });
        when("cipher suites are chosen", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("one", () -> socket.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"}));
            seen.effect("nonsense", () -> socket.setEnabledCipherSuites(new String[] {"x"}));
            socket.connect(scene.address());
            say(socket, "a");
            session(socket, seen);
            seen.result("enabled", () -> Arrays.toString(socket.getEnabledCipherSuites()));
        });
        when("parameters are set", (scene, seen) -> {
            var socket = scene.fresh();
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            seen.effect("set", () -> socket.setSSLParameters(parameters));
            seen.result("they", () -> socket.getSSLParameters().getEndpointIdentificationAlgorithm());
            socket.connect(new InetSocketAddress("localhost", scene.port()));
            seen.effect("write", () -> say(socket, "a"));
        });
        when("modes are set", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("need", () -> socket.setNeedClientAuth(true));
            seen.result("need", socket::getNeedClientAuth);
            seen.effect("want", () -> socket.setWantClientAuth(true));
            seen.result("want", socket::getWantClientAuth);
            seen.effect("creation", () -> socket.setEnableSessionCreation(false));
            seen.result("creation", socket::getEnableSessionCreation);
            seen.effect("mode", () -> socket.setUseClientMode(true));
            seen.result("mode", socket::getUseClientMode);
        });
        when("no session may be created", (scene, seen) -> {
            var socket = scene.connected();
            socket.setEnableSessionCreation(false);
            seen.effect("handshake", socket::startHandshake);
            seen.result("closed", socket::isClosed);
        });
        when("application protocols are asked for", (scene, seen) -> {
            var socket = scene.connected();
            seen.result("before", socket::getApplicationProtocol);
            seen.result("in the handshake", socket::getHandshakeApplicationProtocol);
            seen.result("selector", socket::getHandshakeApplicationProtocolSelector);
            seen.effect("select", () -> socket.setHandshakeApplicationProtocolSelector((_, _) -> ""));
            socket.startHandshake();
            seen.result("after", socket::getApplicationProtocol);
        });
        when("the certificate is for another name", (scene, seen) -> {
            var parameters = scene.fresh().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(scene.factory.createSocket(below, "elsewhere.invalid", scene.port(), true));
            socket.setSSLParameters(parameters);
            seen.effect("handshake", socket::startHandshake);
            seen.result("closed", socket::isClosed);
            seen.effect("write", () -> say(socket, "a"));
        });
        when("the peer does not speak TLS", (scene, seen) -> {
            try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var socket = scene.fresh();
                socket.connect(new InetSocketAddress(plain.getInetAddress(), plain.getLocalPort()));
                try (var peer = plain.accept()) {
                    peer.getOutputStream().write("HTTP/1.1 400 what is this\r\n\r\n".getBytes());
                    seen.effect("handshake", socket::startHandshake);
                    seen.result("closed", socket::isClosed);
                    seen.effect("again", socket::startHandshake);
                    seen.effect("write", () -> say(socket, "a"));
                }
            }
        });
        when("it lies on a connected socket", (scene, seen) -> {
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(scene.factory.createSocket(below, "localhost", scene.port(), true));
            state(socket, seen);
            seen.effect("write", () -> say(socket, "ab"));
            seen.result("read", () -> hear(socket, 2));
            seen.effect("connect", () -> socket.connect(scene.address()));
            seen.effect("close", socket::close);
            seen.result("below", below::isClosed);
        });
        when("it lies on a socket that stays", (scene, seen) -> {
            var below = new Socket();
            below.connect(scene.address());
            var socket = scene.kept(scene.factory.createSocket(below, "localhost", scene.port(), false));
            say(socket, "a");
            seen.result("read", () -> hear(socket, 1));
            seen.effect("close", socket::close);
            seen.result("below", below::isClosed);
            below.close();
        });
        when("it is to lie on what is not connected", (scene, seen) -> {
            seen.result("new", () -> scene.factory.createSocket(new Socket(), "localhost", 1, true));
            seen.result("null", () -> scene.factory.createSocket((Socket) null, "localhost", 1, true));
        });
        when("the factory connects", (scene, seen) -> {
            var local = InetAddress.getLoopbackAddress();
            for (var socket : List.of(
                    scene.kept(scene.factory.createSocket("localhost", scene.port())),
                    scene.kept(scene.factory.createSocket(local, scene.port())),
                    scene.kept(scene.factory.createSocket("localhost", scene.port(), local, 0)),
                    scene.kept(scene.factory.createSocket(local, scene.port(), local, 0)))) {
                say(socket, "a");
                seen.result("read", () -> hear(socket, 1));
            }
            seen.result("nonsense", () -> scene.factory.createSocket("localhost", 65536));
        });
        when("the factory is asked for suites", (scene, seen) -> {
            seen.result("usual", () -> Arrays.toString(scene.factory.getDefaultCipherSuites()));
            seen.result("all", () -> Arrays.toString(scene.factory.getSupportedCipherSuites()));
        });
        when("nothing comes in for a while", (scene, seen) -> {
            var socket = scene.connected();
            socket.startHandshake();
            socket.setSoTimeout(1);
            seen.result("read", () -> socket.getInputStream().read());
            socket.setSoTimeout(SocketScene.LIMIT_MS);
            say(socket, "a");
            seen.result("read", () -> hear(socket, 1));
        });
        when("options are set", (scene, seen) -> {
            var socket = scene.connected();
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(1234);
            seen.result("no delay", socket::getTcpNoDelay);
            seen.result("keep alive", socket::getKeepAlive);
            seen.result("timeout", socket::getSoTimeout);
            seen.effect("urgent", () -> socket.sendUrgentData(1));
            seen.effect("inline", () -> socket.setOOBInline(true));
            seen.result("inline", socket::getOOBInline);
        });
        when("the peer ends", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "ab.");
            seen.result("last", () -> hear(socket, 3));
            seen.result("end", () -> socket.getInputStream().read());
            seen.result("closed", socket::isClosed);
        });
        when("the writing half is ended", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "ab");
            seen.result("read", () -> hear(socket, 2));
            var out = socket.getOutputStream();
            seen.effect("end", socket::shutdownOutput);
            seen.result("ended", socket::isOutputShutdown);
            seen.effect("write", () -> out.write(1));
            seen.result("output", socket::getOutputStream);
            seen.result("end", () -> socket.getInputStream().read());
        });
        when("the reading half is ended", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "a");
            seen.result("read", () -> hear(socket, 1));
            var in = socket.getInputStream();
            say(socket, ".");
            seen.result("end", in::read);
            seen.effect("shut down", socket::shutdownInput);
            seen.result("ended", socket::isInputShutdown);
            seen.result("read", in::read);
        });
        when("it is closed", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "a");
            seen.result("read", () -> hear(socket, 1));
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            seen.effect("close", socket::close);
            seen.effect("close again", socket::close);
            state(socket, seen);
            session(socket, seen);
            seen.result("read", in::read);
            seen.result("available", in::available);
            seen.effect("write", () -> out.write(1));
            seen.result("input", socket::getInputStream);
            seen.result("output", socket::getOutputStream);
            seen.effect("handshake", socket::startHandshake);
            seen.effect("no delay", () -> socket.setTcpNoDelay(true));
        });
        when("its input is closed", (scene, seen) -> {
            var socket = scene.connected();
            socket.startHandshake();
            socket.getInputStream().close();
            seen.result("closed", socket::isClosed);
        });
        when("it is read from while it is closed", (scene, seen) -> {
            var socket = scene.connected();
            socket.startHandshake();
            var in = socket.getInputStream();
            // What it reads then is a matter of luck with the JDK's own; that it ends is not.
            var thread = Thread.ofVirtual().start(() -> new Transcript().result("read", in::read));
            org.awaitility.Awaitility.await()
                    .atMost(SocketScene.LIMIT_MS, TimeUnit.MILLISECONDS)
                    .until(() -> thread.getState() == Thread.State.WAITING);
            socket.close();
            thread.join();
            seen.result("closed", socket::isClosed);
        });
    }

    private static void session(SSLSocket socket, Transcript seen) {
        seen.result("protocol", () -> socket.getSession().getProtocol());
        seen.result("suite", () -> socket.getSession().getCipherSuite());
        seen.result("valid", () -> socket.getSession().isValid());
        seen.result("handshake session", socket::getHandshakeSession);
    }

    private static void state(SSLSocket socket, Transcript seen) {
        seen.result("connected", socket::isConnected);
        seen.result("bound", socket::isBound);
        seen.result("closed", socket::isClosed);
        seen.result("input ended", socket::isInputShutdown);
        seen.result("output ended", socket::isOutputShutdown);
        seen.result("remote", socket::getInetAddress);
        seen.result("channel", socket::getChannel);
        seen.result("client", socket::getUseClientMode);
        seen.result("protocols", () -> Arrays.toString(socket.getEnabledProtocols()));
        seen.result("all protocols", () -> Arrays.toString(socket.getSupportedProtocols()));
        seen.result("suites", () -> Arrays.toString(socket.getSupportedCipherSuites()));
    }

    static Stream<Case<TlsScene>> cases() {
        return CASES.stream();
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("cases")
    void aProgramSeesTheSame(Case<TlsScene> behaviour) throws Exception {
        var below = tls.context().getSocketFactory();
        var plain = seen(behaviour, below);
        assertThat(plain).isNotEmpty();
        for (var protocol :
                List.of(SocketProtocol.unknown(), Protocols.lines(_ -> true), Protocols.lines(_ -> false))) {
            var policy = SocketPolicy.of(protocol, (_, failure) -> {
                        throw failure;
                    })
                    .quiet(Duration.ofDays(1));
            assertThat(seen(behaviour, new RecoveringSSLSocketFactory(policy, below)))
                    .isEqualTo(plain);
        }
    }

    private static List<String> seen(Case<TlsScene> behaviour, SSLSocketFactory factory) throws Exception {
        try (var scene = new TlsScene(tls, factory)) {
            return behaviour.on(scene);
        }
    }

    @Test
    void thereAreSeveralDozen() throws IOException {
        assertThat(CASES).hasSizeGreaterThan(30);
    }
}
