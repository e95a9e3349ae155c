package org.ham.recovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A server from the system's packages, to be killed and started again at the same port. Confined to a thread. */
final class Daemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;
    private final int port;
    private final Path log;
    private final BooleanSupplier ready;
    private @Nullable Process process;

    /** Ready when it listens. */
    Daemon(Path folder, int port, List<String> command) throws IOException {
        this(folder, port, command, () -> true);
    }

    /** Ready when it listens and something else holds. */
    Daemon(Path folder, int port, List<String> command, BooleanSupplier ready) throws IOException {
        this.command = command;
        this.port = port;
        this.ready = ready;
        this.log = folder.resolve("said");
        start();
    }

    int port() {
        return port;
    }

    /** Into its log, since it was first started. */
    long timesSaid(String text) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    static int freePort() throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return listener.getLocalPort();
        }
    }

    static String find(String program) {
        return Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
                .map(folder -> Path.of(folder + program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not installed; .ci/run installs it"))
                .toString();
    }

    static void run(List<String> command, Path log) throws IOException, InterruptedException {
        var exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + Files.readString(log));
        }
    }

    /** Returns when it is ready. One that ends, because what was killed is not quite gone yet, is started once more. */
    void start() throws IOException {
        process = launch();
        Awaitility.await(command.getFirst() + " listens")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(this::listens);
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private boolean listens() throws IOException {
        if (process == null || !process.isAlive()) {
            process = launch();
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException _) {
            return false;
        }
        return ready.getAsBoolean();
    }

    /** With a signal that it cannot catch; returns when it is gone. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
    }

    void restart() throws IOException, InterruptedException {
        kill();
        start();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
