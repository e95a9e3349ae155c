package org.ham.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.awaitility.Awaitility;
import org.ham.recovery.SocketPolicy.Connecting;
import org.ham.recovery.Transcript.Case;
import org.ham.recovery.Transcript.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While nothing fails, a socket of the covering factory is what a socket of the JDK is: whatever is done, a program sees the same. */
class SocketTckTest {
    private static final List<Case<SocketScene>> CASES = new ArrayList<>();

    private static void when(String name, Script<SocketScene> script) {
        CASES.add(new Case<>(name, script));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(ascii(text));
    }

    private static String hear(Socket socket, int most) throws IOException {
        return new String(socket.getInputStream().readNBytes(most), US_ASCII);
    }

    static {
        when("it is new", (scene, seen) -> state(scene.fresh(), seen));
        when("a new one is closed", (scene, seen) -> {
            var socket = scene.fresh();
            socket.close();
            state(socket, seen);
            options(socket, seen);
            seen.effect("close again", socket::close);
            seen.effect("connect", () -> socket.connect(scene.address()));
            seen.effect("bind", () -> socket.bind(null));
        });
        when("a new one is used as if it were connected", (scene, seen) -> {
            var socket = scene.fresh();
            seen.result("input", socket::getInputStream);
            seen.result("output", socket::getOutputStream);
            seen.effect("end input", socket::shutdownInput);
            seen.effect("end output", socket::shutdownOutput);
            seen.effect("urgent", () -> socket.sendUrgentData(1));
        });
        when("it is bound", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("bind", () -> socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            seen.result("bound", socket::isBound);
            seen.result("local", socket::getLocalAddress);
            seen.effect("bind again", () -> socket.bind(null));
            seen.effect("connect", () -> socket.connect(scene.address()));
            seen.result("port", () -> scene.peer().getPort() == socket.getLocalPort());
        });
        when("it is bound to nonsense", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("unix", () -> socket.bind(UnixDomainSocketAddress.of("/tmp/x")));
            seen.effect("unresolved", () -> socket.bind(InetSocketAddress.createUnresolved("h.invalid", 1)));
            seen.effect("taken", () -> socket.bind(scene.address()));
        });
        when("it is connected", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("connect", () -> socket.connect(scene.address(), 5000));
            state(socket, seen);
            seen.result("port", () -> socket.getPort() == scene.port());
            seen.result("remote", () -> socket.getRemoteSocketAddress().equals(scene.address()));
            seen.result(
                    "same",
                    () -> socket.getLocalSocketAddress().equals(scene.peer().getRemoteSocketAddress()));
            seen.effect("connect again", () -> socket.connect(scene.address()));
            seen.effect("bind", () -> socket.bind(null));
        });
        when("it is connected to nonsense", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("null", () -> socket.connect(null));
            seen.effect("negative", () -> socket.connect(scene.address(), -1));
            seen.effect("unix", () -> socket.connect(UnixDomainSocketAddress.of("/tmp/x")));
            seen.effect("in earnest", () -> socket.connect(scene.address()));
        });
        when("nobody listens", (scene, seen) -> {
            var socket = scene.fresh();
            scene.listenNoMore();
            seen.effect("connect", () -> socket.connect(scene.address()));
            seen.result("closed", socket::isClosed);
            seen.result("connected", socket::isConnected);
            seen.effect("connect again", () -> socket.connect(scene.address()));
        });
        when("a name has no address", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("connect", () -> socket.connect(InetSocketAddress.createUnresolved("h.invalid", 1)));
            seen.result("closed", socket::isClosed);
        });
        when("the factory connects by name", (scene, seen) -> {
            var socket = scene.kept(scene.factory.createSocket("127.0.0.1", scene.port()));
            seen.result("text", () -> socket.toString().replaceAll("port=\\d+", "port"));
            seen.result("peer", () -> scene.peer().isConnected());
        });
        when("the factory connects by address", (scene, seen) -> {
            var socket = scene.kept(scene.factory.createSocket(InetAddress.getLoopbackAddress(), scene.port()));
            seen.result("connected", socket::isConnected);
        });
        when("the factory binds and connects", (scene, seen) -> {
            var local = InetAddress.getLoopbackAddress();
            for (var socket : List.of(
                    scene.kept(scene.factory.createSocket("127.0.0.1", scene.port(), local, 0)),
                    scene.kept(scene.factory.createSocket(local, scene.port(), local, 0)))) {
                seen.result("local", socket::getLocalAddress);
                seen.result("connected", socket::isConnected);
            }
        });
        when("the factory is given nonsense", (scene, seen) -> {
            var local = InetAddress.getLoopbackAddress();
            seen.result("port", () -> scene.factory.createSocket("127.0.0.1", -1));
            seen.result("port", () -> scene.factory.createSocket("127.0.0.1", 65536));
            seen.result("local port", () -> scene.factory.createSocket("127.0.0.1", scene.port(), local, -1));
        });
        when("the factory finds nobody", (scene, seen) -> {
            scene.listenNoMore();
            seen.result("name", () -> scene.factory.createSocket("127.0.0.1", scene.port()));
            seen.result("address", () -> scene.factory.createSocket(InetAddress.getLoopbackAddress(), scene.port()));
        });
        when("options are set before connecting", (scene, seen) -> {
            var socket = scene.fresh();
            set(socket, seen);
            options(socket, seen);
            socket.connect(scene.address());
            options(socket, seen);
        });
        when("options are set after connecting", (scene, seen) -> {
            var socket = scene.connected();
            set(socket, seen);
            options(socket, seen);
        });
        when("options are nonsense", (scene, seen) -> {
            var socket = scene.connected();
            seen.effect("timeout", () -> socket.setSoTimeout(-1));
            seen.effect("send", () -> socket.setSendBufferSize(0));
            seen.effect("receive", () -> socket.setReceiveBufferSize(-1));
            seen.effect("linger", () -> socket.setSoLinger(true, -1));
            seen.effect("class", () -> socket.setTrafficClass(256));
            seen.effect("null", () -> socket.setOption(null, 1));
            seen.effect("null", () -> socket.getOption(null));
            seen.effect("multicast", () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
        });
        when("options are asked for by name", (scene, seen) -> {
            var socket = scene.fresh();
            seen.result(
                    "all",
                    () -> socket.supportedOptions().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList());
            seen.result("set", () -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true) == socket);
            seen.result("get", () -> socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        });
        when("streams are asked for twice", (scene, seen) -> {
            var socket = scene.connected();
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            seen.result("input", () -> socket.getInputStream() == in);
            seen.result("output", () -> socket.getOutputStream() == out);
        });
        when("bytes go out", (scene, seen) -> {
            var socket = scene.connected();
            var out = socket.getOutputStream();
            seen.effect("one", () -> out.write('a'));
            seen.effect("some", () -> out.write(ascii("bcd")));
            seen.effect("part", () -> out.write(ascii("xefx"), 1, 2));
            seen.effect("none", () -> out.write(ascii(""), 0, 0));
            seen.effect("outside", () -> out.write(ascii("a"), 0, 2));
            seen.effect("negative", () -> out.write(ascii("a"), -1, 1));
            seen.effect("nothing", () -> out.write(null, 0, 1));
            seen.effect("flush", out::flush);
            seen.result("there", () -> hear(scene.peer(), 6));
        });
        when("bytes come in", (scene, seen) -> {
            var socket = scene.connected();
            say(scene.peer(), "abcdefgh");
            var in = socket.getInputStream();
            seen.result("one", in::read);
            seen.result("none", () -> in.read(new byte[3], 1, 0));
            seen.result("part", () -> {
                var bytes = new byte[4];
                return in.readNBytes(bytes, 1, 2) + new String(bytes, US_ASCII);
            });
            seen.result("skipped", () -> in.skip(2));
            seen.result("available", in::available);
            seen.result("marks", in::markSupported);
            seen.effect("reset", in::reset);
            seen.effect("outside", () -> in.read(new byte[1], 0, 2));
            seen.effect("nothing", () -> in.read(null, 0, 1));
            seen.result("rest", () -> hear(socket, 3));
        });
        when("a single byte of 255 comes in", (scene, seen) -> {
            var socket = scene.connected();
            scene.peer().getOutputStream().write(255);
            seen.result("it", () -> socket.getInputStream().read());
        });
        when("nothing comes in for a while", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            socket.setSoTimeout(1);
            seen.result("read", () -> socket.getInputStream().read());
            say(peer, "a");
            socket.setSoTimeout(SocketScene.LIMIT_MS);
            seen.result("read", () -> socket.getInputStream().read());
            seen.result("closed", socket::isClosed);
        });
        when("much goes to and fro", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            var much = new byte[1_000_000];
            try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
                var echo = pool.submit(() -> {
                    peer.getOutputStream().write(peer.getInputStream().readNBytes(much.length));
                    return true;
                });
                seen.effect("write", () -> socket.getOutputStream().write(much));
                seen.result("read", () -> socket.getInputStream().readNBytes(much.length).length);
                seen.result("echo", echo::get);
            }
        });
        when("urgent data are sent", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            peer.setOOBInline(true);
            seen.effect("urgent", () -> socket.sendUrgentData('u'));
            seen.result("there", () -> hear(peer, 1));
        });
        when("the peer ends", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            say(peer, "a");
            peer.close();
            seen.result("last", () -> hear(socket, 1));
            seen.result("end", () -> socket.getInputStream().read());
            seen.result("end again", () -> socket.getInputStream().read(new byte[3]));
            seen.result("available", () -> socket.getInputStream().available());
            seen.result("closed", socket::isClosed);
            socket.close();
            seen.result("end", () -> socket.getInputStream().read());
        });
        when("the peer resets", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            say(socket, "a");
            hear(peer, 1);
            peer.setSoLinger(true, 0);
            peer.close();
            var in = socket.getInputStream();
            seen.effect("read", in::read);
            seen.effect("read again", in::read);
            seen.effect("write", () -> say(socket, "b"));
            seen.result("closed", socket::isClosed);
        });
        when("the peer ends its half", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            say(peer, "a");
            peer.shutdownOutput();
            seen.result("last", () -> hear(socket, 2));
            seen.effect("write", () -> say(socket, "bc"));
            seen.result("there", () -> hear(peer, 2));
        });
        when("the writing half is ended", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            var out = socket.getOutputStream();
            say(socket, "a");
            seen.effect("end", socket::shutdownOutput);
            seen.result("ended", socket::isOutputShutdown);
            seen.result("input", socket::isInputShutdown);
            seen.effect("end again", socket::shutdownOutput);
            seen.effect("write", () -> out.write(1));
            seen.result("output", socket::getOutputStream);
            seen.result("there", () -> hear(peer, 2));
            say(peer, "b");
            seen.result("here", () -> hear(socket, 1));
            peer.close();
            seen.result("end", () -> socket.getInputStream().read());
        });
        when("the reading half is ended", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            var in = socket.getInputStream();
            say(socket, "a");
            seen.effect("end", socket::shutdownInput);
            seen.result("ended", socket::isInputShutdown);
            seen.result("output", socket::isOutputShutdown);
            seen.effect("end again", socket::shutdownInput);
            seen.result("read", in::read);
            seen.result("available", in::available);
            seen.result("input", socket::getInputStream);
            seen.effect("write", () -> say(socket, "b"));
            seen.result("there", () -> hear(peer, 2));
        });
        when("both halves are ended", (scene, seen) -> {
            var socket = scene.connected();
            socket.shutdownInput();
            socket.shutdownOutput();
            state(socket, seen);
        });
        when("it is closed", (scene, seen) -> {
            var socket = scene.connected();
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            seen.effect("close", socket::close);
            seen.effect("close again", socket::close);
            state(socket, seen);
            options(socket, seen);
            set(socket, seen);
            seen.result("port", () -> socket.getPort() == scene.port());
            seen.result("read", in::read);
            seen.result("read none", () -> in.read(new byte[1], 0, 0));
            seen.result("available", in::available);
            seen.effect("write", () -> out.write(1));
            seen.effect("write none", () -> out.write(new byte[0]));
            seen.result("input", socket::getInputStream);
            seen.result("output", socket::getOutputStream);
            seen.effect("end input", socket::shutdownInput);
            seen.effect("end output", socket::shutdownOutput);
            seen.effect("urgent", () -> socket.sendUrgentData(1));
            seen.effect("connect", () -> socket.connect(scene.address()));
        });
        when("its input is closed", (scene, seen) -> {
            var socket = scene.connected();
            socket.getInputStream().close();
            seen.result("closed", socket::isClosed);
            seen.effect("write", () -> say(socket, "a"));
        });
        when("its output is closed", (scene, seen) -> {
            var socket = scene.connected();
            socket.getOutputStream().close();
            seen.result("closed", socket::isClosed);
            seen.result("peer", () -> scene.peer().getInputStream().read());
        });
        when("it lingers and is closed", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            say(peer, "a");
            hear(socket, 1);
            socket.setSoLinger(true, 0);
            socket.close();
            seen.effect("peer", () -> peer.getInputStream().read());
        });
        for (var virtual : List.of(true, false)) {
            var kind = virtual ? "a virtual" : "a platform";
            when(kind + " thread reads while it is closed", (scene, seen) -> {
                var socket = scene.connected();
                scene.peer();
                var in = socket.getInputStream();
                inAnother(virtual, seen, in::read, doing(seen, socket::close));
            });
            when(kind + " thread writes while it is closed", (scene, seen) -> {
                var socket = scene.connected();
                scene.peer();
                var out = socket.getOutputStream();
                inAnother(virtual, seen, () -> endlessly(out), doing(seen, socket::close));
            });
            when(kind + " thread reads while its input is ended", (scene, seen) -> {
                var socket = scene.connected();
                scene.peer();
                var in = socket.getInputStream();
                inAnother(virtual, seen, in::read, doing(seen, socket::shutdownInput));
            });
        }
        when("a virtual thread is interrupted while it reads", (scene, seen) -> {
            var socket = scene.connected();
            say(socket, "a");
            hear(scene.peer(), 1);
            inAnother(true, seen, () -> socket.getInputStream().read(), Thread::interrupt);
            seen.result("closed", socket::isClosed);
            seen.effect("write", () -> say(socket, "a"));
        });
        when("an interrupted virtual thread reads", (scene, seen) -> {
            var socket = scene.connected();
            say(scene.peer(), "a");
            inAnother(
                    true,
                    seen,
                    () -> {
                        Thread.currentThread().interrupt();
                        return socket.getInputStream().read();
                    },
                    _ -> {});
            seen.result("closed", socket::isClosed);
        });
        when("an interrupted platform thread reads", (scene, seen) -> {
            var socket = scene.connected();
            say(scene.peer(), "a");
            Thread.currentThread().interrupt();
            seen.result("read", () -> socket.getInputStream().read());
            seen.effect("write", () -> say(socket, "a"));
            seen.result("still", Thread::interrupted);
            seen.result("closed", socket::isClosed);
        });
        when("two threads read", (scene, seen) -> {
            var socket = scene.connected();
            var peer = scene.peer();
            try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
                var one = pool.submit(() -> socket.getInputStream().read());
                var other = pool.submit(() -> socket.getInputStream().read());
                say(peer, "ab");
                seen.result("both", () -> one.get() + other.get());
            }
        });
        when("its text is asked for", (scene, seen) -> {
            var socket = scene.fresh();
            seen.result("new", socket::toString);
            socket.connect(scene.address());
            seen.result("connected", () -> socket.toString().replaceAll("port=\\d+", "port"));
        });
        when("preferences are set", (scene, seen) -> {
            var socket = scene.fresh();
            seen.effect("new", () -> socket.setPerformancePreferences(1, 2, 3));
            socket.connect(scene.address());
            seen.effect("connected", () -> socket.setPerformancePreferences(1, 2, 3));
        });
    }

    private static int endlessly(OutputStream out) throws IOException {
        while (true) {
            out.write(new byte[100_000]);
        }
    }

    /** Has another thread do something, and does another thing when it has come as far as it gets. */
    private static void inAnother(boolean virtual, Transcript seen, Callable<Object> deed, Consumer<Thread> meanwhile)
            throws InterruptedException {
        var other = new Transcript();
        var thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> other.result("other", deed));
        if (virtual) {
            Awaitility.await()
                    .atMost(SocketScene.LIMIT_MS, TimeUnit.MILLISECONDS)
                    .until(() -> List.of(Thread.State.WAITING, Thread.State.TERMINATED)
                            .contains(thread.getState()));
        }
        meanwhile.accept(thread);
        thread.join();
        seen.add(other);
    }

    private static Consumer<Thread> doing(Transcript seen, Transcript.Deed deed) {
        return _ -> seen.effect("meanwhile", deed);
    }

    private static void state(Socket socket, Transcript seen) {
        seen.result("connected", socket::isConnected);
        seen.result("bound", socket::isBound);
        seen.result("closed", socket::isClosed);
        seen.result("input ended", socket::isInputShutdown);
        seen.result("output ended", socket::isOutputShutdown);
        seen.result("remote", socket::getInetAddress);
        seen.result("no remote port", () -> socket.getPort() == 0);
        seen.result("local", socket::getLocalAddress);
        seen.result("local port", () -> Math.min(socket.getLocalPort(), 1));
        seen.result("remote address", () -> socket.getRemoteSocketAddress() == null);
        seen.result("local address", () -> socket.getLocalSocketAddress() == null);
        seen.result("channel", socket::getChannel);
    }

    private static void options(Socket socket, Transcript seen) {
        seen.result("no delay", socket::getTcpNoDelay);
        seen.result("linger", socket::getSoLinger);
        seen.result("inline", socket::getOOBInline);
        seen.result("timeout", socket::getSoTimeout);
        seen.result("send", socket::getSendBufferSize);
        seen.result("receive", socket::getReceiveBufferSize);
        seen.result("keep alive", socket::getKeepAlive);
        seen.result("class", socket::getTrafficClass);
        seen.result("reuse", socket::getReuseAddress);
    }

    private static void set(Socket socket, Transcript seen) {
        seen.effect("no delay", () -> socket.setTcpNoDelay(true));
        seen.effect("linger", () -> socket.setSoLinger(true, 7));
        seen.effect("inline", () -> socket.setOOBInline(true));
        seen.effect("timeout", () -> socket.setSoTimeout(12_345));
        seen.effect("send", () -> socket.setSendBufferSize(50_000));
        seen.effect("receive", () -> socket.setReceiveBufferSize(60_000));
        seen.effect("keep alive", () -> socket.setKeepAlive(true));
        seen.effect("class", () -> socket.setTrafficClass(8));
        seen.effect("reuse", () -> socket.setReuseAddress(true));
    }

    private static RecoveringSocketFactory covering(SocketProtocol protocol, Connecting connecting) {
        // Recovering would show as a difference: it is not what happens while nothing fails.
        return new RecoveringSocketFactory(SocketPolicy.of(protocol, (_, failure) -> {
                    throw failure;
                })
                .connecting(connecting)
                // A peer that has ended its side is gone for a look, and for a plain socket is not.
                .quiet(Duration.ofDays(1)));
    }

    static Stream<Case<SocketScene>> cases() {
        return CASES.stream();
    }

    @ParameterizedTest(name = "when {0}")
    @MethodSource("cases")
    void aProgramSeesTheSame(Case<SocketScene> behaviour) throws Exception {
        var plain = seen(behaviour, SocketFactory.getDefault());
        assertThat(plain).isNotEmpty();
        assertThat(seen(behaviour, covering(SocketProtocol.unknown(), Connecting.ONCE)))
                .isEqualTo(plain);
        assertThat(seen(behaviour, covering(SocketProtocol.unknown(), Connecting.RECOVERED)))
                .isEqualTo(plain);
        assertThat(seen(behaviour, covering(Protocols.lines(_ -> true), Connecting.ONCE)))
                .isEqualTo(plain);
        assertThat(seen(behaviour, covering(Protocols.lines(_ -> false), Connecting.ONCE)))
                .isEqualTo(plain);
    }

    private static List<String> seen(Case<SocketScene> behaviour, SocketFactory factory) throws Exception {
        try (var scene = new SocketScene(factory)) {
            return behaviour.on(scene);
        }
    }

    @Test
    void thereAreSeveralDozen() {
        assertThat(CASES).hasSizeGreaterThan(40);
    }
}
