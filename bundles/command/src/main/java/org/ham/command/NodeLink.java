package org.ham.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ham.api.HamException;
import org.ham.api.HamException.Code;
import org.ham.api.NodeName;

/**
 * Asks the HAM of another node, by the way that the HAM of a run-dir keeps to it. Through a takeover there or here if need be: one that
 * cannot be reached is tried again for a while. Confined to one thread.
 */
final class NodeLink {
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration TRY_FOR = Duration.ofSeconds(5);

    private final Instance instance;
    private final String node;
    private final Path folder;
    private final Path socket;

    NodeLink(Instance instance, String node) {
        this.instance = instance;
        this.node = NodeName.require(node);
        folder = instance.runDir().resolve("nodes");
        socket = folder.resolve(node + ".sock");
    }

    /** One try: an answer, or why there is none; {@code sent} when it may have been carried out. */
    private record Tried(Optional<Answer> answer, String why, boolean sent) {}

    /**
     * Has the other HAM run a command.
     *
     * @param again whether it may be asked again when its answer got lost
     * @throws HamException {@code NOT_CONNECTED} when it cannot be reached, {@code FAILED} when it refuses or when it is not known
     *     whether it did it
     */
    Answer ask(List<String> words, boolean again) {
        var request = request(words);
        var end = System.nanoTime() + TRY_FOR.toNanos();
        while (true) {
            var tried = attempt(request);
            if (tried.answer().isPresent()) {
                return tried.answer().get();
            }
            if (tried.sent() && !again) {
                throw new HamException(
                        Code.FAILED,
                        tried.why() + "; whether it did this is not known. See with: ham --node " + node + " tree");
            }
            if (System.nanoTime() > end) {
                throw new HamException(Code.NOT_CONNECTED, tried.why());
            }
            Pause.of(WAIT);
        }
    }

    private static String request(List<String> words) {
        var argv = new JsonArray();
        words.forEach(argv::add);
        var params = new JsonObject();
        params.add("words", argv);
        var request = new JsonObject();
        request.addProperty("jsonrpc", "2.0");
        request.addProperty("id", 1);
        request.addProperty("method", "command");
        request.add("params", params);
        return request + "\n";
    }

    private Tried attempt(String request) {
        if (!Files.exists(socket)) {
            return absent();
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            var late = Thread.ofVirtual().start(() -> closeLate(channel));
            try {
                return exchange(channel, request);
            } catch (IOException | JsonParseException | IllegalStateException e) {
                return new Tried(Optional.empty(), "the connection to node " + node + " was lost", true);
            } finally {
                late.interrupt();
            }
        } catch (IOException e) {
            return new Tried(Optional.empty(), "no way to node " + node + " (" + e.getMessage() + ")", false);
        }
    }

    /** A node that nobody knows need not be waited for, a HAM that is just coming need. */
    private Tried absent() {
        if (!instance.alive()) {
            throw new HamException(
                    Code.NOT_CONNECTED,
                    "no HAM reachable at " + instance.runDir() + ", which would know the way to node " + node
                            + "; start one with: ham start");
        }
        if (Files.isDirectory(folder) && !Files.isExecutable(folder)) {
            throw new HamException(
                    Code.DENIED,
                    "no permission for " + socket + "; only root and the HAM's own user may go to other nodes");
        }
        return new Tried(
                Optional.empty(),
                "the HAM at " + instance.runDir() + " knows no node '" + node + "' with an address; " + known(),
                false);
    }

    private String known() {
        try (var files = Files.list(folder)) {
            var names = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".sock"))
                    .map(name -> name.substring(0, name.length() - ".sock".length()))
                    .sorted()
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "name it in nodes.known of ham.yaml" : "known are: " + names;
        } catch (IOException _) {
            return "name it in nodes.known of ham.yaml";
        }
    }

    private static void closeLate(SocketChannel channel) {
        try {
            Thread.sleep(Line.ANSWER_WITHIN);
            channel.close();
        } catch (InterruptedException | IOException _) {
            // Answered in time, or closed already.
        }
    }

    private Tried exchange(SocketChannel channel, String request) throws IOException {
        var sent = send(channel, request);
        var reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            var message = JsonParser.parseString(line).getAsJsonObject();
            if (message.has("result")) {
                var result = message.getAsJsonObject("result");
                return new Tried(
                        Optional.of(new Answer(
                                result.get("out").getAsString(),
                                result.get("err").getAsString(),
                                result.get("exit").getAsInt())),
                        "",
                        true);
            }
            if (message.has("error")) {
                throw new HamException(
                        Code.FAILED,
                        message.getAsJsonObject("error").get("message").getAsString());
            }
            if (message.has("method") && message.get("method").getAsString().equals("bye")) {
                return bye(message.getAsJsonObject("params"));
            }
        }
        return new Tried(Optional.empty(), "the HAM of node " + node + " went away before it answered", sent);
    }

    /** Whether all of it is on its way: who hangs up at once, without having listened, has said why before. */
    private static boolean send(SocketChannel channel, String request) {
        var bytes = ByteBuffer.wrap(request.getBytes(UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Only what cannot be reached may get better by itself. */
    private static Tried bye(JsonObject params) {
        var why = params.get("message").getAsString();
        return switch (params.get("errno").getAsString()) {
            case "EIO" -> new Tried(Optional.empty(), why, false);
            case "ETIMEDOUT" -> new Tried(Optional.empty(), why, true);
            default -> throw new HamException(Code.FAILED, why);
        };
    }
}
