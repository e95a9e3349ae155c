package org.ham.cluster;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ham.api.NodeRights;
import org.ham.linux.Linux;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two nodes on one machine, {@code alpha} which goes to {@code beta}, and a HAM of neither but what stands for its control socket. */
final class TwoNodes implements AfterEachCallback {
    static final Limits TIGHT = new Limits(
            4,
            Duration.ofMinutes(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(20));

    final Linux linux = Linux.open();
    final Path folder;
    final Path alphaDir;
    final Path betaDir;
    final Certificates certificates;
    final FakeControl control;
    private Duration silence = Duration.ofMinutes(1);
    private final List<Cluster> open = new ArrayList<>();

    TwoNodes() {
        try {
            // A socket's path may have 107 bytes, so not under a build folder that may be deep.
            folder = Files.createTempDirectory(Path.of("/tmp"), "hamn");
            alphaDir = Files.createDirectory(folder.resolve("alpha"));
            betaDir = Files.createDirectory(folder.resolve("beta"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        certificates =
                new Certificates(folder).authority("ca").node("alpha", "ca").node("beta", "ca");
        control = new FakeControl(linux.sockets(), betaDir);
    }

    /** Begins to listen; gives the address. */
    Address beta(Map<String, Settings.Known> known) {
        return beta(certificates.files("beta", "ca"), known);
    }

    Address beta(Settings.Files files, Map<String, Settings.Known> known) {
        open(
                new Settings("beta", Optional.of(new Address("127.0.0.1", 0)), Optional.of(files), silence, known),
                betaDir);
        var written = betaDir.resolve("nodes/listen");
        await().until(() -> Files.exists(written));
        try {
            return Address.parse(Files.readString(written)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a link may be silent for so long. */
    void silence(Duration most) {
        silence = most;
    }

    static Map<String, Settings.Known> may(String node, NodeRights rights) {
        return Map.of(node, new Settings.Known(Optional.empty(), Optional.of(rights)));
    }

    /** Alpha, which knows a node there. */
    Cluster alpha(String node, Address address) {
        return alpha(certificates.files("alpha", "ca"), node, address);
    }

    Cluster alpha(Settings.Files files, String node, Address address) {
        var known = Map.of(node, new Settings.Known(Optional.of(address), Optional.empty()));
        var made = open(new Settings("alpha", Optional.empty(), Optional.of(files), silence, known), alphaDir);
        await().until(() -> Files.exists(socket(node)));
        return made;
    }

    Cluster open(Settings settings, Path runDir) {
        var made = new Cluster(settings, runDir, linux.sockets(), TIGHT);
        open.add(made);
        return made;
    }

    Path socket(String node) {
        return alphaDir.resolve("nodes/" + node + ".sock");
    }

    /** A program at alpha. */
    Program program(String node) throws IOException {
        return new Program(SocketChannel.open(UnixDomainSocketAddress.of(socket(node))));
    }

    /** Speaks lines. */
    static final class Program implements AutoCloseable {
        final SocketChannel channel;
        private final BufferedReader reader;

        Program(SocketChannel channel) {
            this.channel = channel;
            reader =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        }

        Program say(String text) throws IOException {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return this;
        }

        /** The next line; null at the end. */
        String line() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Ends all nodes, as when their HAMs die. */
    void closeAll() {
        open.forEach(Cluster::close);
        open.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        control.close();
        closeAll();
        linux.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
