package org.ham.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What is asked of PostgreSQL, and what it is to a connection. Stateless. */
final class PostgresRequest {
    /** They leave something in the session that nobody here can rebuild. */
    private static final Set<String> LEAVING =
            Set.of("LISTEN", "UNLISTEN", "PREPARE", "DEALLOCATE", "LOAD", "DISCARD", "RESET", "DECLARE", "LOCK");

    private static final int HEADER = 5;
    private static final int CANCEL_REQUEST = 80_877_102;

    private PostgresRequest() {}

    static Meaning meaning(byte[] request, Predicate<String> repeatable) {
        if (request[0] == 0) {
            // Without a type: how a connection begins.
            var code = ByteBuffer.wrap(request).getInt(4);
            return code == CANCEL_REQUEST ? Meaning.ENDS : Meaning.REMEMBERED;
        }
        var statements = new ArrayList<String>();
        return isPlain(ByteBuffer.wrap(request), statements) ? meaning(statements, repeatable) : Meaning.ENDS;
    }

    private static Meaning meaning(List<String> statements, Predicate<String> repeatable) {
        if (statements.stream().anyMatch(PostgresRequest::leavesSomething)) {
            return Meaning.ENDS;
        }
        if (statements.isEmpty()) {
            return Meaning.ONCE;
        }
        if (statements.stream().allMatch(text -> word(text, 0).equals("SET"))) {
            return Meaning.REMEMBERED;
        }
        return statements.stream().allMatch(repeatable) ? Meaning.REPEATABLE : Meaning.ONCE;
    }

    private static boolean leavesSomething(String statement) {
        var second = word(statement, 1);
        return LEAVING.contains(word(statement, 0))
                || word(statement, 0).equals("CREATE")
                        && Set.of("TEMP", "TEMPORARY", "LOCAL").contains(second);
    }

    private static String word(String statement, int at) {
        var words = statement.strip().split("\\s+", at + 2);
        return at < words.length ? words[at].toUpperCase(Locale.ROOT) : "";
    }

    /** Whether nothing but statements that are used at once is asked; collects their texts. */
    private static boolean isPlain(ByteBuffer request, List<String> statements) {
        while (request.remaining() >= HEADER) {
            var type = (char) request.get(request.position());
            var length = request.getInt(request.position() + 1);
            if (length < 4 || length + 1 > request.remaining()) {
                // Longer than what is kept: the rest of it is not known.
                return false;
            }
            var body = request.slice(request.position() + HEADER, length - 4);
            request.position(request.position() + 1 + length);
            if (!isPlain(type, body, statements)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char type, ByteBuffer body, List<String> statements) {
        switch (type) {
            case 'Q' -> statements.add(text(body));
            case 'P' -> {
                if (!text(body).isEmpty()) {
                    // A statement with a name stays with the session.
                    return false;
                }
                statements.add(text(body));
            }
            case 'X', 'p', 'F' -> {
                return false;
            }
            default -> {
                // What is done with a statement.
            }
        }
        return true;
    }

    /** Up to the next zero. */
    private static String text(ByteBuffer body) {
        var start = body.position();
        while (body.hasRemaining() && body.get() != 0) {
            // on to the end
        }
        var end = Math.max(start, body.position() - 1);
        var bytes = new byte[end - start];
        body.get(start, bytes);
        return new String(bytes, UTF_8);
    }

    /** Whether a beginning or a setting was accepted. */
    static boolean isAccepted(byte[] answer) {
        return switch (answer.length == 0 ? 'E' : (char) answer[0]) {
            case 'E' -> false;
            // Anything but "you are in" asks for a password.
            case 'R' -> answer.length > 8 && ByteBuffer.wrap(answer).getInt(HEADER) == 0;
            default -> true;
        };
    }
}
