package org.ham.detector.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.HeartbeatSpec;
import org.ham.linux.Datagram;
import org.ham.linux.HandedOnSockets;
import org.ham.linux.Linux;
import org.ham.linux.Peer;
import org.ham.spi.HeldSocket;
import org.ham.spi.Host;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

class NotifySocketTest {
    private final Linux linux = Linux.open();
    private final List<Object> registered = new ArrayList<>();
    private final Path runDir;
    private final List<NotifySocket> open = new ArrayList<>();

    NotifySocketTest() throws IOException {
        runDir = Files.createTempDirectory(Path.of("/tmp"), "ham-n-");
    }

    @AfterEach
    void close() throws IOException {
        open.forEach(NotifySocket::close);
        linux.close();
        try (var files = Files.walk(runDir)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private NotifySocket socket(Path folder, Map<String, String> environment) {
        var socket = new NotifySocket(context(), folder, environment, HandedOnSockets.NONE);
        open.add(socket);
        return socket;
    }

    private BundleContext context() {
        return proxy(BundleContext.class, (_, method, arguments) -> switch (method.getName()) {
            case "getServiceReference" -> proxy(ServiceReference.class, (_, _, _) -> null);
            case "getService" -> linux.sockets();
            case "registerService" -> {
                registered.add(arguments[1]);
                yield proxy(ServiceRegistration.class, (_, _, _) -> registered.remove(arguments[1]) ? null : null);
            }
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Map<String, String> variables(Path folder, HeartbeatSpec heartbeat) {
        return socket(folder, Map.of()).variables("web", Optional.of(heartbeat));
    }

    @Test
    void anEntityIsToldWhereToNotify() {
        assertThat(socket(runDir, Map.of()).variables("web", Optional.empty()))
                .isEqualTo(Map.of("NOTIFY_SOCKET", runDir + "/notify.sock"));
    }

    @Test
    void anEntityWithAHeartbeatIsToldItsFirstMark() {
        assertThat(variables(runDir, HeartbeatSpec.of(Duration.ofSeconds(1), 2, 5)))
                .containsEntry("WATCHDOG_USEC", "2000000")
                .containsEntry("WATCHDOG_PID", Host.ITS_PID);
        assertThat(variables(runDir, HeartbeatSpec.of(Duration.ofMillis(1), 0, 3)))
                .containsEntry("WATCHDOG_USEC", "3000");
        assertThat(variables(runDir, HeartbeatSpec.of(HeartbeatSpec.LONGEST, HeartbeatSpec.HIGHEST_MARK, 0)))
                .containsEntry("WATCHDOG_USEC", "86400000000000000");
        assertThat(variables(runDir, HeartbeatSpec.of(Duration.ofSeconds(1), 0, 0)))
                .containsOnlyKeys("NOTIFY_SOCKET");
    }

    @Test
    void aPathThatFitsIntoNoAddressIsNotTold() {
        assertThat(variables(runDir.resolve("x".repeat(100)), HeartbeatSpec.of(Duration.ofSeconds(1), 2, 5)))
                .isEmpty();
    }

    @Test
    void everybodyMaySendToTheSocketAndItGoesWithItsMaker() throws IOException {
        var socket = socket(runDir, Map.of());
        socket.prepare();
        socket.prepare();
        assertThat(registered).hasSize(1);
        assertThat(Files.getPosixFilePermissions(runDir.resolve("notify.sock"))).hasSize(6);
        socket.close();
        assertThat(registered).isEmpty();
        assertThat(runDir.resolve("notify.sock")).doesNotExist();
    }

    @Test
    void aSocketThatWasHeldIsTakenOverWithWhatWaitsInIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3");
        var first = socket(runDir, Map.of());
        first.prepare();
        var path = runDir.resolve("notify.sock");
        var held = (HeldSocket) registered.getFirst();
        assertThat(held.name()).isEqualTo("notify");
        send(path);
        // As a Guardian finds it that was started with the descriptor.
        var entry = "notify=" + held.descriptor() + ":" + HeldSocket.inode(path);
        var heir = socket(runDir, Map.of(HeldSocket.VARIABLE, entry));
        var received = new ArrayList<Peer>();
        Consumer<Datagram> receiver = datagram -> received.add(datagram.sender());
        try (var _ = heir.read(receiver)) {
            linux.reactor().await(0);
        }
        assertThat(received).hasSize(1);
        assertThat(HeldSocket.inode(path)).isEqualTo(Long.parseLong(entry.substring(entry.indexOf(':') + 1)));
        open.remove(first); // one descriptor, and the heir closes it
    }

    @Test
    void aSocketThatNobodyFindsAnyMoreIsMadeAnew() throws IOException {
        var path = runDir.resolve("notify.sock");
        Files.createFile(path);
        var socket = socket(runDir, Map.of(HeldSocket.VARIABLE, "notify=0:" + HeldSocket.inode(path)));
        socket.prepare();
        assertThat(HeldSocket.inode(path)).isNotZero();
        assertThat(registered).hasSize(1);
    }

    private static void send(Path path) throws IOException, InterruptedException {
        var python = new ProcessBuilder(
                "/usr/bin/python3",
                "-c",
                "import socket,sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1', sys.argv[1])",
                path.toString());
        assertThat(python.inheritIO().start().waitFor()).isZero();
    }
}
