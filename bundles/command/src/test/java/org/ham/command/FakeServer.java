package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Listens on {@code shell.sock} and answers as the test says; an empty answer cuts the connection off. */
final class FakeServer implements AutoCloseable {
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocketChannel listener;
    private final Path socket;
    private final Function<String, String> answers;

    FakeServer(Path runDir, Function<String, String> answers) throws IOException {
        this(answers, runDir.resolve("shell.sock"));
    }

    FakeServer(Function<String, String> answers, Path socket) throws IOException {
        this.answers = answers;
        this.socket = socket;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8));
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                requests.add(line);
                var answer = answers.apply(line);
                if (answer.isEmpty()) {
                    return;
                }
                client.write(ByteBuffer.wrap((answer + "\n").getBytes(UTF_8)));
            }
        } catch (IOException _) {
            // The client went.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
    }
}
