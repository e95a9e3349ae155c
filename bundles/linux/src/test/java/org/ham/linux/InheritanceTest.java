package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class InheritanceTest {
    private final Kit kit = new Kit();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void descriptorsGetTheirNumbersAndNoOthersLeak() throws IOException {
        try (FileOutputStream first =
                        new FileOutputStream(folder.resolve("first").toFile());
                FileOutputStream second =
                        new FileOutputStream(folder.resolve("second").toFile())) {
            int one = Kit.descriptorOf(folder.resolve("first"));
            int two = Kit.descriptorOf(folder.resolve("second"));
            assertThat(linksOf(Map.of(9, one, 4, two, 63, one)))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            0,
                            "/dev/null",
                            1,
                            "/dev/null",
                            2,
                            "/dev/null",
                            4,
                            folder.resolve("second").toString(),
                            9,
                            folder.resolve("first").toString(),
                            63,
                            folder.resolve("first").toString()));
            first.write(1);
            second.write(1);
        }
    }

    @Test
    void descriptorsMaySwapTheirNumbers() throws IOException {
        try (FileOutputStream first =
                        new FileOutputStream(folder.resolve("first").toFile());
                FileOutputStream second =
                        new FileOutputStream(folder.resolve("second").toFile())) {
            int one = low(Kit.descriptorOf(folder.resolve("first")));
            int two = low(Kit.descriptorOf(folder.resolve("second")));
            Map<Integer, String> links = linksOf(Map.of(one, two, two, one));
            assertThat(links.get(one)).isEqualTo(folder.resolve("second").toString());
            assertThat(links.get(two)).isEqualTo(folder.resolve("first").toString());
            Syscall.close(one);
            Syscall.close(two);
            first.write(1);
            second.write(1);
        }
    }

    @Test
    void aClosedDescriptorAndAWrongNumberAreRefused() {
        Spawn spawn = Kit.command("sleep", "60").withDescriptors(Map.of(5, 9999));
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.start(spawn))
                .withMessage("descriptors: 5 was to be descriptor 9999 of this process, which is not open")
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBADF"));
        assertThatIllegalArgumentException().isThrownBy(() -> spawn.withDescriptors(Map.of(2, 9)));
        assertThatIllegalArgumentException().isThrownBy(() -> spawn.withDescriptors(Map.of(64, 9)));
    }

    @Test
    void socketsAreAdoptedByTheProcessThatIsStartedWithThem() throws IOException {
        Path streams = folder.resolve("s");
        Path datagrams = folder.resolve("d");
        UnixListener listener = kit.linux.sockets().listen(streams, 0600);
        UnixDatagramSocket receiver = kit.linux.sockets().bind(datagrams, 0666, 0);
        assertThat(Sending.send(datagrams, "early".getBytes(UTF_8))).isEqualTo(5);
        try (UnixConnection client = kit.linux.sockets().connect(streams)) {
            Spawn spawn = Kit.to(Kit.java(Heir.class, streams.toString(), datagrams.toString()), folder.resolve("log"))
                    .withDescriptors(Map.of(3, listener.fd(), 4, receiver.fd()));
            ProcessRef heir = kit.start(spawn);
            listener.leave();
            receiver.leave();
            assertThat(new String(client.in().readAllBytes(), UTF_8)).isEqualTo("inherited");
            assertThat(kit.end(heir)).isEqualTo(ExitStatus.exited(0));
        }
        assertThat(Files.readString(folder.resolve("log"))).isEqualTo("early from " + kit.linux.ownPid() + "\n");
        assertThat(streams).doesNotExist();
        assertThat(datagrams).doesNotExist();
    }

    @Test
    void socketsAreLeftOpenForWhoeverServesThemNextInThisProcess() throws IOException {
        Path streams = folder.resolve("s");
        Path datagrams = folder.resolve("d");
        UnixListener listener = kit.linux.sockets().listen(streams, 0600);
        UnixDatagramSocket receiver = kit.linux.sockets().bind(datagrams, 0666, 0);
        PassedDescriptor one = listener.leaveOpen();
        PassedDescriptor two = receiver.leaveOpen();
        assertThat(Sending.send(datagrams, "early".getBytes(UTF_8))).isEqualTo(5);
        try (UnixConnection client = kit.linux.sockets().connect(streams);
                UnixListener next = kit.linux.sockets().adoptListener(one.fd(), streams);
                UnixConnection server = next.accept()) {
            assertThat(server.peer()).isEqualTo(client.peer());
        }
        List<String> received = new ArrayList<>();
        try (UnixDatagramSocket next = kit.linux.sockets().adoptDatagramSocket(two.fd(), datagrams);
                AutoCloseable reading =
                        next.onDatagram(datagram -> received.add(new String(datagram.bytes(), UTF_8)))) {
            kit.linux.reactor().await(1_000_000_000);
            assertThat(received).containsExactly("early");
            assertThat(reading).isNotNull();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(streams).doesNotExist();
        assertThat(datagrams).doesNotExist();
        assertThatExceptionOfType(LinuxException.class).isThrownBy(listener::leaveOpen);
    }

    @Test
    void whatIsNoSuchSocketIsNotAdopted() throws IOException {
        Path path = folder.resolve("s");
        try (UnixListener listener = kit.linux.sockets().listen(path, 0600);
                UnixDatagramSocket receiver = kit.linux.sockets().bind(folder.resolve("d"), 0600, 0);
                FileOutputStream file =
                        new FileOutputStream(folder.resolve("file").toFile())) {
            int number = Kit.descriptorOf(folder.resolve("file"));
            refused(9999, "EBADF", "is not open");
            refused(number, "EINVAL", "is no listening unix socket");
            refused(receiver.fd(), "EINVAL", "is no listening unix socket");
            assertThatExceptionOfType(LinuxException.class)
                    .isThrownBy(() -> kit.linux.sockets().adoptDatagramSocket(listener.fd(), path))
                    .withMessageContaining("is no unix datagram socket with a name");
            file.write(1);
        }
    }

    private void refused(int fd, String errno, String sentence) {
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> kit.linux.sockets().adoptListener(fd, folder.resolve("s")))
                .withMessageContaining(sentence)
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno));
    }

    private Map<Integer, String> linksOf(Map<Integer, Integer> descriptors) throws IOException {
        ProcessRef process = kit.startStopped(spawn -> spawn.withDescriptors(descriptors));
        Map<Integer, String> links = new TreeMap<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path link : open.toList()) {
                links.put(
                        Integer.parseInt(link.getFileName().toString()),
                        Files.readSymbolicLink(link).toString());
            }
        }
        return links;
    }

    /** A copy of a descriptor under a number that can be given to another process. */
    private static int low(int fd) {
        final int duplicate = 0;
        int copy = (int) Syscall.call(Syscall.FCNTL, fd, duplicate, 3);
        assertThat(copy).isBetween(3, Spawn.HIGHEST_DESCRIPTOR);
        return copy;
    }
}
