package org.ham.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class UnixSocketsTest {
    private final Linux linux = Linux.open();
    private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        linux.close();
        virtual.shutdownNow();
    }

    @Test
    void bytesGoBothWaysAndEachKnowsTheOther() throws Exception {
        Path path = folder.resolve("s");
        try (UnixListener listener = linux.sockets().listen(path, 0600)) {
            Future<UnixConnection> accepted = virtual.submit(listener::accept);
            try (UnixConnection client = linux.sockets().connect(path);
                    UnixConnection server = accepted.get()) {
                assertThat(server.peer().pid()).isEqualTo(linux.ownPid());
                assertThat(server.peer().uid()).isEqualTo(Users.effective());
                if (ProcFs.kernelAtLeast(6, 5)) {
                    assertThat(server.peer().process()).contains(linux.self());
                }
                assertThat(client.peer()).isEqualTo(server.peer());
                client.out().write("hello".getBytes(StandardCharsets.UTF_8));
                assertThat(server.in().readNBytes(5)).asString().isEqualTo("hello");
                server.out().write('!');
                assertThat(client.in().read()).isEqualTo('!');
                client.out().close();
                assertThat(server.in().read()).isEqualTo(-1);
            }
        }
        assertThat(path).doesNotExist();
    }

    /** The next one's file may have got the number of this one's. */
    @Test
    void onlyTheFirstCloseTakesTheFileAway() {
        Path path = folder.resolve("s");
        for (int again = 0; again < 20; again++) {
            UnixListener first = linux.sockets().listen(path, 0600);
            first.close();
            try (UnixListener next = linux.sockets().listen(path, 0600)) {
                first.close();
                assertThat(path).exists();
                assertThat(next.fd()).isPositive();
            }
        }
    }

    @Test
    void muchDataGoesThroughWhileTheReaderIsSlow() throws Exception {
        byte[] much = new byte[3_000_000];
        new Random(1).nextBytes(much);
        Path path = folder.resolve("s");
        try (UnixListener listener = linux.sockets().listen(path, 0600);
                UnixConnection client = linux.sockets().connect(path);
                UnixConnection server = listener.accept()) {
            Future<?> writing = virtual.submit((Callable<Void>) () -> {
                client.out().write(much);
                client.out().close();
                return null;
            });
            assertThat(server.in().readAllBytes()).isEqualTo(much);
            writing.get();
        }
    }

    /** Reader and writer share a descriptor and a registration: neither may take the other's wake-up away. */
    @Test
    void bothDirectionsOfAConnectionWaitAtTheSameTimeAndItIsOneDescriptor() throws Exception {
        byte[] much = new byte[2_000_000];
        new Random(2).nextBytes(much);
        Path path = folder.resolve("s");
        try (UnixListener listener = linux.sockets().listen(path, 0600)) {
            int before = OwnDescriptors.from(0).size();
            try (UnixConnection client = linux.sockets().connect(path);
                    UnixConnection server = listener.accept()) {
                assertThat(OwnDescriptors.from(0)).hasSize(before + 2);
                Future<byte[]> serverGot = virtual.submit(() -> server.in().readAllBytes());
                Future<?> serverWrote = virtual.submit(() -> written(server, much));
                Future<?> clientWrote = virtual.submit(() -> written(client, much));
                assertThat(client.in().readAllBytes()).isEqualTo(much);
                assertThat(serverGot.get()).isEqualTo(much);
                serverWrote.get();
                clientWrote.get();
            }
        }
    }

    private static int written(UnixConnection connection, byte[] bytes) throws IOException {
        connection.out().write(bytes);
        connection.out().close();
        return bytes.length;
    }

    @Test
    void theSocketHasItsModeAndReplacesAStaleOne() throws Exception {
        Path path = folder.resolve("s");
        Files.writeString(path, "stale");
        UnixListener first = linux.sockets().listen(path, 0660);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw----");
        UnixListener second = linux.sockets().listen(path, 0600);
        first.close();
        try (UnixConnection client = linux.sockets().connect(path);
                UnixConnection server = second.accept()) {
            assertThat(client.peer()).isEqualTo(server.peer());
        }
        second.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPathLongerThanASocketAddressWorks() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(100)).resolve("e".repeat(100)));
        Path path = deep.resolve("s");
        try (UnixListener listener = linux.sockets().listen(path, 0600);
                UnixConnection client = linux.sockets().connect(path);
                UnixConnection server = listener.accept()) {
            assertThat(client.peer()).isEqualTo(server.peer());
        }
    }

    @Test
    void closingEndsAcceptAndRead() throws Exception {
        List<Integer> before = OwnDescriptors.from(0);
        Path path = folder.resolve("s");
        UnixListener listener = linux.sockets().listen(path, 0600);
        UnixConnection client = linux.sockets().connect(path);
        UnixConnection server = listener.accept();
        Future<UnixConnection> accepting = virtual.submit(listener::accept);
        Future<Integer> reading = virtual.submit(() -> server.in().read());
        Thread blocked = Thread.ofPlatform()
                .start(() -> assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> client.out().write(new byte[10_000_000])));
        listener.close();
        server.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(accepting::get)
                .withCauseInstanceOf(LinuxException.class);
        endOf(reading);
        blocked.join();
        client.close();
        linux.close();
        assertThat(OwnDescriptors.from(0).size()).isLessThanOrEqualTo(before.size());
    }

    /** Either the end of the stream or the news that it was closed. */
    private static void endOf(Future<Integer> reading) throws InterruptedException {
        try {
            assertThat(reading.get()).isIn(-1, 0);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void aConnectionThatNobodyListensForIsRefused() {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> linux.sockets().connect(folder.resolve("none")))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("ENOENT"));
    }

    @Test
    void manyIdleReadersOnVirtualThreadsHoldNobodyUp() throws Exception {
        Path path = folder.resolve("s");
        try (UnixListener listener = linux.sockets().listen(path, 0600)) {
            List<UnixConnection> clients = new ArrayList<>();
            List<UnixConnection> servers = new ArrayList<>();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(linux.sockets().connect(path));
                UnixConnection server = listener.accept();
                servers.add(server);
                readers.add(virtual.submit(() -> server.in().read()));
            }
            assertThat(virtual.submit(() -> 7).get()).isEqualTo(7);
            for (UnixConnection client : clients) {
                client.out().write(1);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(1);
            }
            clients.forEach(UnixConnection::close);
            servers.forEach(UnixConnection::close);
        }
    }
}
