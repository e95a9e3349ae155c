package org.ham.control;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.ham.linux.HandedOnSockets;
import org.ham.linux.Linux;
import org.ham.spi.HeldSocket;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A HAM in memory, served on a real socket. */
final class Served implements AfterEachCallback {
    static {
        // What is cut off is so within several of its seconds, on a busy machine later.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    static final Limits TIGHT = patient(Duration.ofSeconds(5));

    /** The same, but requests under way may take so long when the socket is closed. */
    static Limits patient(Duration leaveWithin) {
        return new Limits(
                Limits.Others.SELF,
                20,
                5,
                4,
                3,
                8192,
                1 << 20,
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                leaveWithin);
    }

    final MemoryHam ham = new MemoryHam();
    final Linux linux = Linux.open();
    final Path runDir;
    final Held held = new Held();
    final Installed installed = new Installed(linux.clocks(), Duration.ZERO);
    Map<String, String> environment = Map.of();
    ControlServer server;

    /** Whether the framework stops, and not only a core or a server goes. */
    volatile boolean stops = true;

    /** What is registered for the Guardian to hold as well. */
    static final class Held {
        final Set<HeldSocket> sockets = ConcurrentHashMap.newKeySet();

        Runnable add(HeldSocket socket) {
            sockets.add(socket);
            return () -> sockets.remove(socket);
        }
    }

    Served() {
        try {
            // A socket's path may have 107 bytes, so not under a build folder that may be deep.
            runDir = Files.createTempDirectory(Path.of("/tmp"), "hamc");
            server = serve(TIGHT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Path socket() {
        return runDir.resolve(ControlSocket.NAME);
    }

    /** Serves the same HAM anew, as the next HAM does. */
    ControlServer serve(Limits limits) {
        if (server != null) {
            server.close();
        }
        server = new ControlServer(
                linux.processes(),
                linux.signals(),
                installed,
                new ControlSocket(
                        new Door(linux::sockets, socket(), environment, HandedOnSockets.NONE, held::add), limits),
                limits,
                () -> stops);
        server.begin(ham, () -> ham);
        await().until(() -> Files.exists(socket()));
        return server;
    }

    Raw raw() throws IOException {
        return new Raw(socket());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        ham.release();
        server.close();
        linux.close();
        Files.deleteIfExists(socket());
        Files.delete(runDir);
    }
}
