package org.ham.itests.node;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The two sockets of a HAM as any program would use them: connects again and asks again, under the same request id, until it has an
 * answer. Confined to one thread.
 */
final class CrashControl implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = 5_000_000;

    /** Later, or not known whether it was done. */
    private static final Set<String> ASK_AGAIN = Set.of("EAGAIN", "ETIMEDOUT", "ENOTCONN");

    private final Path runDir;
    private @Nullable SocketChannel channel;
    private @Nullable BufferedReader in;
    private int asked;

    CrashControl(Path runDir) {
        this.runDir = runDir;
    }

    /** What an attempt over a connection gives; null to try again. */
    private interface Attempt {
        @Nullable
        JsonObject over(SocketChannel channel, BufferedReader in) throws IOException;
    }

    /** Calls a method of the control protocol until it is answered. */
    JsonObject call(String method, JsonObject params, String request) {
        var id = ++asked;
        params.addProperty("request", request);
        var message = new JsonObject();
        message.addProperty("jsonrpc", "2.0");
        message.addProperty("id", id);
        message.addProperty("method", method);
        message.add("params", params);
        return retried("control.sock", method + " " + params, (to, from) -> {
            send(to, message);
            for (var line = from.readLine(); line != null; line = from.readLine()) {
                var answer = JsonParser.parseString(line).getAsJsonObject();
                if (answer.has("id") && answer.get("id").getAsInt() == id) {
                    return result(message, answer);
                }
            }
            throw new IOException("the HAM is gone");
        });
    }

    private static @Nullable JsonObject result(JsonObject asked, JsonObject answer) {
        if (answer.has("result")) {
            return answer.getAsJsonObject("result");
        }
        var error = answer.getAsJsonObject("error");
        if (ASK_AGAIN.contains(error.getAsJsonObject("data").get("errno").getAsString())) {
            return null;
        }
        throw new AssertionError("the HAM refused " + asked + ": " + error);
    }

    /** The same if somebody answers at once. */
    Optional<JsonObject> attempt(String... words) {
        try {
            var to = channel == null ? connect("shell.sock") : channel;
            var from = in == null ? new BufferedReader(Channels.newReader(to, StandardCharsets.UTF_8)) : in;
            in = from;
            return Optional.ofNullable(command(words).over(to, from));
        } catch (IOException _) {
            close();
            return Optional.empty();
        }
    }

    /** Asks for something that is not asked for twice, and does not care what comes of it. */
    void once(String... words) {
        close();
        var _ = attempt(words);
        close();
    }

    /** Comes in by both sockets anew. */
    void greet() {
        once("status");
        try (var to = connect("control.sock")) {
            send(
                    to,
                    JsonParser.parseString("{jsonrpc: '2.0', id: 0, method: verbosity, params: {}}")
                            .getAsJsonObject());
            var _ = new BufferedReader(Channels.newReader(to, StandardCharsets.UTF_8)).readLine();
        } catch (IOException _) {
            // It is just dying.
        }
        close();
    }

    /** What a command that only reads prints with {@code --json}; asks until it is answered. */
    JsonObject ask(String... words) {
        return retried("shell.sock", "ham " + String.join(" ", words), command(words));
    }

    private static Attempt command(String... words) {
        var request = new JsonObject();
        var argv = new com.google.gson.JsonArray();
        List.of(words).forEach(argv::add);
        argv.add("--json");
        request.add("argv", argv);
        return (to, from) -> {
            send(to, request);
            var out = new StringBuilder();
            for (var line = from.readLine(); line != null; line = from.readLine()) {
                var part = JsonParser.parseString(line).getAsJsonObject();
                if (part.has("out")) {
                    out.append(part.get("out").getAsString());
                } else if (part.has("exit")) {
                    return part.get("exit").getAsInt() == 0
                            ? JsonParser.parseString(out.toString()).getAsJsonObject()
                            : null;
                }
            }
            throw new IOException("the HAM is gone");
        };
    }

    private static void send(SocketChannel to, JsonObject message) throws IOException {
        var bytes = ByteBuffer.wrap((message + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private JsonObject retried(String socket, String what, Attempt attempt) {
        var deadline = Instant.now().plus(PATIENCE);
        var last = "";
        while (Instant.now().isBefore(deadline)) {
            try {
                var to = channel == null ? connect(socket) : channel;
                var from = in == null ? new BufferedReader(Channels.newReader(to, StandardCharsets.UTF_8)) : in;
                in = from;
                var result = attempt.over(to, from);
                if (result != null) {
                    return result;
                }
                last = "it asked for patience";
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
                close();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while it asked for " + what);
            }
        }
        throw new AssertionError("no answer to " + what + " within " + PATIENCE.toSeconds() + " s: " + last);
    }

    private SocketChannel connect(String socket) throws IOException {
        var opened = SocketChannel.open(UnixDomainSocketAddress.of(runDir.resolve(socket)));
        channel = opened;
        return opened;
    }

    @Override
    public void close() {
        var open = channel;
        channel = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // It is given up in any case.
            }
        }
    }
}
