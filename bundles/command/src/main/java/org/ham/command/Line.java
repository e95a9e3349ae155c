package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A connection to a HAM's socket. Confined to one thread. */
final class Line implements AutoCloseable {
    /** Longer than anything a HAM lets a request wait. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    private final SocketChannel channel;
    private final BufferedReader reader;

    private Line(SocketChannel channel) {
        this.channel = channel;
        this.reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
    }

    static Line open(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Line(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a request and collects the whole reply; nothing of a reply that is cut off is lost on the caller. */
    Answer exchange(String request, Duration within) throws IOException {
        var out = new StringBuilder();
        var err = new StringBuilder();
        var giveUp = Thread.ofVirtual().start(() -> closeAfter(within));
        try {
            var exit = exchange(request, (kind, text) -> (kind.equals("out") ? out : err).append(text));
            return new Answer(out.toString(), err.toString(), exit);
        } finally {
            giveUp.interrupt();
        }
    }

    /** Sends a request and passes the reply on as it comes; returns its exit code. */
    int exchange(String request, BiConsumer<String, String> each) throws IOException {
        for (var line = first(request); line != null; line = reader.readLine()) {
            var reply = parse(line);
            var exit = reply.get("exit");
            for (var kind : reply.keySet()) {
                if (!kind.equals("exit")) {
                    each.accept(kind, reply.get(kind).getAsString());
                }
            }
            if (exit != null) {
                return exit.getAsInt();
            }
        }
        throw new IOException("connection closed");
    }

    /**
     * Sends a request, and reads the first line of the reply; null when there is none. The kernel says "reset" or "broken pipe"
     * instead of "closed" when the other end left without having read all there was to read.
     */
    private @Nullable String first(String request) throws IOException {
        var bytes = ByteBuffer.wrap((request + "\n").getBytes(UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return reader.readLine();
        } catch (IOException e) {
            var why = String.valueOf(e.getMessage());
            throw why.contains("reset") || why.contains("Broken pipe") ? new NotTakenException(e) : e;
        }
    }

    private static JsonObject parse(String line) throws IOException {
        try {
            JsonElement element = JsonParser.parseString(line);
            return element.getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("not the answer of a HAM", e);
        }
    }

    private void closeAfter(Duration within) {
        try {
            Thread.sleep(within);
            channel.close();
        } catch (InterruptedException | IOException _) {
            // Answered in time, or closed already.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is of no more use either way.
        }
    }
}
