package org.ham.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.ham.linux.LinuxException;
import org.ham.linux.UnixConnection;
import org.ham.linux.UnixListener;
import org.ham.linux.UnixSockets;

/** Stands where a HAM's control socket is, keeps what it hears, and answers line by line. */
final class FakeControl implements AutoCloseable {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<UnixConnection> connections = new LinkedBlockingQueue<>();
    private final UnixListener listener;
    private volatile Function<String, String> answers = line -> line;

    FakeControl(UnixSockets sockets, Path runDir) {
        listener = sockets.listen(runDir.resolve("control.sock"), 0600);
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /** An empty answer ends the connection. */
    void answers(Function<String, String> other) {
        answers = other;
    }

    private void serve() {
        try {
            while (true) {
                var connection = listener.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (LinuxException _) {
            // Closed.
        }
    }

    private void serve(UnixConnection connection) {
        try (connection) {
            var reader = new BufferedReader(new InputStreamReader(connection.in(), UTF_8));
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                heard.add(line);
                if (line.contains("\"behalf\"")) {
                    continue;
                }
                var answer = answers.apply(line);
                if (answer.isEmpty()) {
                    return;
                }
                connection.out().write((answer + "\n").getBytes(UTF_8));
            }
            heard.add("end");
        } catch (IOException _) {
            heard.add("broken");
        }
    }

    @Override
    public void close() {
        listener.close();
        connections.forEach(UnixConnection::close);
    }
}
