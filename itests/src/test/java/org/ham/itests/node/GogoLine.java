package org.ham.itests.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.UUID;
import org.awaitility.Awaitility;

/** Runs lines in the Gogo of a HAM over its socket, as {@code ham gogo} does and without a JVM for each. */
final class GogoLine {
    private final Path socket;

    GogoLine(HamInstance ham) {
        socket = ham.runDir.resolve("shell.sock");
    }

    /** Runs one to its end, asking again when it was cut off; gives what it printed, and expects exit code 0. */
    String run(String line) {
        var request = new JsonObject();
        request.addProperty("gogo", line);
        request.addProperty("id", UUID.randomUUID().toString());
        var answer = Awaitility.await(line)
                .atMost(HamInstance.PATIENCE)
                .pollInterval(java.time.Duration.ofMillis(20))
                .until(() -> ask(request), found -> found.has("exit"));
        if (answer.get("exit").getAsInt() != 0) {
            throw new AssertionError(line + ": " + answer);
        }
        return answer.get("out").getAsString();
    }

    private JsonObject ask(JsonObject request) {
        var answer = new JsonObject();
        var out = new StringBuilder();
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(UTF_8)));
            request.addProperty("again", true);
            var reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                var part = JsonParser.parseString(line).getAsJsonObject();
                if (part.has("exit")) {
                    answer.add("exit", part.get("exit"));
                    break;
                }
                part.entrySet().forEach(each -> out.append(each.getValue().getAsString()));
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("reset")) {
                // It was not read.
                request.remove("again");
            }
        }
        answer.addProperty("out", out.toString());
        return answer;
    }
}
