package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.ham.recovery.Script.Kind;
import org.ham.recovery.Script.Turn;

/** Goes through a script by one socket, and keeps what it was told. Confined to a thread. */
final class ScriptedProgram {
    /** What is known of a request. */
    enum Told {
        NOT_ASKED,
        /** It was answered. */
        DONE,
        /** It may have been carried out. */
        MAYBE
    }

    private final Script script;
    private final Socket socket;
    private final int together;
    private final Map<Turn, Told> told = new HashMap<>();
    private int losses;
    private int at;

    /** One that asks so much at once, and then listens. */
    ScriptedProgram(Script script, Socket socket, int together) {
        this.script = script;
        this.socket = socket;
        this.together = together;
    }

    Told told(Turn turn) {
        return told.getOrDefault(turn, Told.NOT_ASKED);
    }

    int losses() {
        return losses;
    }

    void run() throws IOException {
        while (at < script.turns().size()) {
            var end = Math.min(at + together, script.turns().size());
            try {
                say(script.turns().subList(at, end));
                while (at < end) {
                    hear(script.turns().get(at));
                    at++;
                }
            } catch (RecoveryException e) {
                assertThat(e.code()).isIn(Code.NOT_REPEATED, Code.HALF_WRITTEN);
                assertThat(e.outcome()).isEqualTo(Outcome.MAYBE_DONE);
                losses++;
                lost(end);
            }
        }
    }

    private void say(List<Turn> turns) throws IOException {
        var text = turns.stream().map(Turn::request).collect(Collectors.joining());
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private void hear(Turn turn) throws IOException {
        if (turn.kind() != Kind.TOLD) {
            hear(turn.answer());
        }
        told.put(turn, Told.DONE);
        if (turn.kind() == Kind.LOGIN) {
            hear(script.aside());
        }
    }

    /** Each byte is one that is expected; what the server says by itself may come before. */
    private void hear(String expected) throws IOException {
        var heard = new StringBuilder();
        while (!heard.toString().equals(expected)) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("ended in the middle");
            }
            heard.append((char) next);
            var text = heard.toString();
            assertThat(Stream.of(expected, script.aside()))
                    .as("heard %s", text)
                    .anyMatch(known -> known.startsWith(text));
            if (text.equals(script.aside()) && !text.equals(expected)) {
                heard.setLength(0);
            }
        }
    }

    /** A login is said until it is answered, a transaction is given up, and all else is not asked again. */
    private void lost(int end) {
        if (script.turns().get(at).kind() == Kind.LOGIN) {
            at += told.containsKey(script.turns().get(at)) ? 1 : 0;
            return;
        }
        var kinds = script.turns().stream().map(Turn::kind).toList();
        var begin = kinds.indexOf(Kind.BEGIN);
        var commit = kinds.indexOf(Kind.COMMIT);
        script.turns().subList(at, end).forEach(turn -> told.put(turn, Told.MAYBE));
        if (begin < end && at <= commit && begin >= 0) {
            script.turns()
                    .subList(begin, commit + 1)
                    .forEach(turn -> told.computeIfPresent(turn, (_, _) -> Told.MAYBE));
            at = Math.max(end, commit + 1);
        } else {
            at = end;
        }
    }
}
