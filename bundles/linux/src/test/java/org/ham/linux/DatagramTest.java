package org.ham.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DatagramTest {
    private static final Consumer<Datagram> IGNORED = datagram -> {};

    private final Kit kit = new Kit();
    private final List<Datagram> received = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path path;
    private UnixDatagramSocket socket;

    @BeforeEach
    void bind() {
        path = folder.resolve("notify");
        socket = kit.linux.sockets().bind(path, 0666, 1 << 20);
    }

    @AfterEach
    void close() {
        socket.close();
        kit.close();
    }

    @Test
    void aDatagramTellsWhatWasSentAndByWhom() {
        socket.onDatagram(received::add);
        send("READY=1");
        Datagram datagram = next();
        assertThat(datagram.text()).isEqualTo("READY=1");
        assertThat(datagram.isCut()).isFalse();
        assertThat(datagram.hasLostDescriptors()).isFalse();
        assertThat(datagram.takeDescriptors()).isEmpty();
        assertThat(datagram.sender())
                .isEqualTo(new Peer(
                        kit.linux.ownPid(), Users.effective(), group(), expected(kit.linux.self(), datagram.sender())));
    }

    @Test
    void anEmptyDatagramIsOneToo() {
        socket.onDatagram(received::add);
        send("");
        assertThat(next().bytes()).isEmpty();
    }

    @Test
    void aSenderThatIsGoneIsStillTold() {
        ProcessRef sender = kit.start(Kit.java(Sending.class, "send", path.toString(), "STOPPING=1"));
        assertThat(kit.end(sender)).isEqualTo(ExitStatus.exited(0));
        socket.onDatagram(received::add);
        Datagram datagram = next();
        assertThat(datagram.text()).isEqualTo("STOPPING=1");
        assertThat(datagram.sender().pid()).isEqualTo(sender.pid());
        assertThat(datagram.sender().process())
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        known -> assertThat(known.orElseThrow()).matches(sender::isSameAs));
    }

    @Test
    void aClientThatIsGoneIsStillTold() {
        try (UnixListener listener = kit.linux.sockets().listen(folder.resolve("s"), 0600)) {
            ProcessRef client = kit.start(
                    Kit.java(Sending.class, "connect", folder.resolve("s").toString()));
            assertThat(kit.end(client)).isEqualTo(ExitStatus.exited(0));
            try (UnixConnection connection = listener.accept()) {
                assertThat(connection.peer().pid()).isEqualTo(client.pid());
                assertThat(connection.peer().process())
                        .satisfiesAnyOf(
                                none -> assertThat(none).isEmpty(),
                                known -> assertThat(known.orElseThrow()).matches(client::isSameAs));
            }
        }
    }

    @Test
    void whatIsTooLongIsCutAndSaysSo() {
        socket.onDatagram(received::add);
        byte[] much = new byte[UnixDatagramSocket.MOST_BYTES + 1];
        Arrays.fill(much, (byte) 'x');
        assertThat(Sending.send(path, much)).isEqualTo(much.length);
        Datagram datagram = next();
        assertThat(datagram.isCut()).isTrue();
        assertThat(datagram.bytes()).hasSize(UnixDatagramSocket.MOST_BYTES).containsOnly('x');
    }

    @Test
    void descriptorsThatAreTakenStayOpenUntilTheyAreClosed() throws IOException {
        List<PassedDescriptor> taken = new ArrayList<>();
        socket.onDatagram(datagram -> taken.addAll(datagram.takeDescriptors()));
        try (FileOutputStream file = new FileOutputStream(folder.resolve("file").toFile())) {
            int before = OwnDescriptors.from(0).size();
            assertThat(Sending.send(path, new byte[1], Kit.descriptorOf(folder.resolve("file"))))
                    .isEqualTo(1);
            kit.turnUntil(() -> !taken.isEmpty());
            PassedDescriptor descriptor = taken.getFirst();
            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.fd())))
                    .isEqualTo(folder.resolve("file"));
            assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + descriptor.fd())))
                    .as("closed in what this process starts")
                    .containsPattern("flags:\\s+02");
            descriptor.close();
            descriptor.close();
            assertThat(OwnDescriptors.from(0)).hasSize(before);
            file.write(1);
        }
    }

    @Test
    void descriptorsThatNobodyTakesAreClosedEvenIfTheReceiverFails() throws IOException {
        socket.onDatagram(datagram -> {
            received.add(datagram);
            throw new IllegalStateException("on purpose");
        });
        try (FileOutputStream file = new FileOutputStream(folder.resolve("file").toFile())) {
            int before = OwnDescriptors.from(0).size();
            int number = Kit.descriptorOf(folder.resolve("file"));
            assertThat(Sending.send(path, new byte[1], number, number)).isEqualTo(1);
            assertThat(next().takeDescriptors()).as("closed and gone").isEmpty();
            assertThat(OwnDescriptors.from(0)).hasSize(before);
            assertThat(Sending.send(path, new byte[1])).isEqualTo(1);
            assertThat(next().bytes()).hasSize(1);
            file.write(1);
        }
    }

    @Test
    void tooManyDescriptorsNeitherPileUpNorHideTheSender() throws IOException {
        List<PassedDescriptor> taken = new ArrayList<>();
        socket.onDatagram(datagram -> {
            received.add(datagram);
            taken.addAll(datagram.takeDescriptors());
        });
        try (FileOutputStream file = new FileOutputStream(folder.resolve("file").toFile())) {
            int before = OwnDescriptors.from(0).size();
            int[] all = new int[253];
            Arrays.fill(all, Kit.descriptorOf(folder.resolve("file")));
            assertThat(Sending.send(path, new byte[1], all)).isEqualTo(1);
            Datagram datagram = next();
            assertThat(datagram.hasLostDescriptors()).isTrue();
            assertThat(datagram.sender().process()).isEqualTo(expected(kit.linux.self(), datagram.sender()));
            assertThat(taken).hasSize(UnixDatagramSocket.MOST_DESCRIPTORS);
            taken.forEach(PassedDescriptor::close);
            assertThat(OwnDescriptors.from(0)).hasSize(before);
            file.write(1);
        }
    }

    @Test
    void aFloodLeavesTheReactorTimeForOtherThings() {
        socket.onDatagram(datagram -> {
            received.add(datagram);
            send("again");
        });
        send("first");
        kit.linux.reactor().await(Long.MAX_VALUE);
        assertThat(received).hasSize(UnixDatagramSocket.MOST_AT_ONCE);
        kit.linux.reactor().await(Long.MAX_VALUE);
        assertThat(received).hasSize(2 * UnixDatagramSocket.MOST_AT_ONCE);
    }

    @Test
    void whatIsNotReadWaits() throws Exception {
        send("early");
        AutoCloseable reading = socket.onDatagram(received::add);
        assertThat(next().text()).isEqualTo("early");
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> socket.onDatagram(IGNORED))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBUSY"));
        reading.close();
        reading.close();
        send("late");
        kit.linux.reactor().await(0);
        assertThat(received).isEmpty();
        socket.onDatagram(received::add);
        assertThat(next().text()).isEqualTo("late");
    }

    @Test
    void aReceiverMayCloseTheSocketInTheMiddleOfAFlood() {
        socket.onDatagram(datagram -> {
            received.add(datagram);
            socket.close();
        });
        send("one");
        send("two");
        kit.linux.reactor().await(Long.MAX_VALUE);
        kit.linux.reactor().await(0);
        assertThat(received).hasSize(1);
        assertThat(path).doesNotExist();
        assertThatExceptionOfType(LinuxException.class)
                .isThrownBy(() -> socket.onDatagram(IGNORED))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo("EBADF"));
    }

    @Test
    void theFileHasItsModeReplacesAStaleOneAndIsLeftWhenItIsOthers() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw-rw-");
        try (UnixDatagramSocket second = kit.linux.sockets().bind(path, 0600, 0)) {
            socket.close();
            second.onDatagram(received::add);
            send("x");
            assertThat(next().text()).isEqualTo("x");
            second.leave();
        }
        // To others that hold the socket.
        assertThat(path).exists();
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(Sending.send(path, bytes)).isEqualTo(bytes.length);
    }

    private Datagram next() {
        kit.turnUntil(() -> !received.isEmpty());
        return received.removeFirst();
    }

    /** Before Linux 6.5 the kernel tells no process. */
    private static Optional<ProcessRef> expected(ProcessRef process, Peer peer) {
        return ProcFs.kernelAtLeast(6, 5) ? Optional.of(process) : peer.process();
    }

    private static long group() {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:gid")).longValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
