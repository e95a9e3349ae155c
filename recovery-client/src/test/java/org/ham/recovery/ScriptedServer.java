package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ham.recovery.Script.Kind;
import org.ham.recovery.Script.Turn;

/** A server that knows one script: each connection must log in first, and is asked each thing once. Thread-safe. */
final class ScriptedServer {
    private final Script script;
    private final List<Turn> done = new CopyOnWriteArrayList<>();
    private final List<String> strange = new CopyOnWriteArrayList<>();

    ScriptedServer(Script script) {
        this.script = script;
    }

    /** What was carried out, by any connection. */
    List<Turn> done() {
        return done;
    }

    /** What no client of the protocol may say. */
    List<String> strange() {
        return strange;
    }

    void serve(SocketChannel client) throws IOException {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var heard = new ArrayList<Turn>();
        var uncommitted = new ArrayList<Turn>();
        for (var next = next(client); next.isPresent(); next = next(client)) {
            var turn = next.get();
            check(turn, heard);
            heard.add(turn);
            carryOut(turn, uncommitted, heard);
            answer(client, turn);
        }
    }

    private void check(Turn turn, List<Turn> heard) {
        if (heard.contains(turn)) {
            strange.add("twice on one connection: " + turn.request());
        }
        var logins = script.turns().stream().filter(known -> known.kind() == Kind.LOGIN);
        var before = logins.takeWhile(known -> !known.equals(turn)).toList();
        if (!heard.subList(0, Math.min(before.size(), heard.size())).equals(before)) {
            strange.add("without its login: " + turn.request());
        }
    }

    private void carryOut(Turn turn, List<Turn> uncommitted, List<Turn> heard) {
        uncommitted.add(turn);
        var begun = heard.stream().filter(known -> known.kind() == Kind.BEGIN).count();
        var ended = heard.stream().filter(known -> known.kind() == Kind.COMMIT).count();
        if (begun == ended) {
            done.addAll(uncommitted);
            uncommitted.clear();
        }
    }

    private void answer(SocketChannel client, Turn turn) throws IOException {
        var answer = switch (turn.kind()) {
            case LOGIN -> turn.answer() + script.aside();
            case READ -> script.aside() + turn.answer();
            default -> turn.answer();
        };
        var bytes = ByteBuffer.wrap(answer.getBytes(ISO_8859_1));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** Empty at the end of the stream, and where nothing in the script goes on like that. */
    private Optional<Turn> next(SocketChannel client) throws IOException {
        var heard = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (client.read(one.clear()) > 0) {
            heard.append((char) Byte.toUnsignedInt(one.get(0)));
            var text = heard.toString();
            var likely = script.turns().stream()
                    .filter(turn -> turn.request().startsWith(text))
                    .toList();
            if (likely.isEmpty()) {
                strange.add("not in the script: " + text);
                return Optional.empty();
            }
            if (likely.getFirst().request().equals(text)) {
                return Optional.of(likely.getFirst());
            }
        }
        return Optional.empty();
    }
}
