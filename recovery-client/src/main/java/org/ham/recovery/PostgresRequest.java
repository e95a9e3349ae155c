package org.ham.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.ham.recovery.PostgresText.Statement;

/** What is asked of PostgreSQL, and what it is to a connection. Stateless. */
final class PostgresRequest {
    /** They leave something in the session that nobody here can rebuild. */
    private static final Set<String> LEAVING =
            Set.of("LISTEN", "UNLISTEN", "PREPARE", "DEALLOCATE", "LOAD", "DISCARD", "RESET", "DECLARE", "LOCK");

    /** What these say is over with the transaction. */
    private static final Set<String> OF_TRANSACTION = Set.of("LOCAL", "TRANSACTION", "CONSTRAINTS");

    private static final int HEADER = 5;
    private static final int CANCEL_REQUEST = 80_877_102;

    private PostgresRequest() {}

    static Meaning meaning(byte[] request, Predicate<String> repeatable) {
        if (request[0] == 0) {
            // Without a type: how a connection begins.
            var code = ByteBuffer.wrap(request).getInt(4);
            return code == CANCEL_REQUEST ? Meaning.ENDS : Meaning.REMEMBERED;
        }
        var texts = new ArrayList<String>();
        return isPlain(ByteBuffer.wrap(request), texts) ? meaning(texts, repeatable) : Meaning.ENDS;
    }

    private static Meaning meaning(List<String> texts, Predicate<String> repeatable) {
        var statements = new ArrayList<Statement>();
        for (var text : texts) {
            var parts = new PostgresText(text);
            if (parts.isInDoubt()) {
                return Meaning.ENDS;
            }
            statements.addAll(parts.statements());
        }
        return ofStatements(statements, repeatable);
    }

    private static Meaning ofStatements(List<Statement> statements, Predicate<String> repeatable) {
        if (statements.stream().anyMatch(PostgresRequest::leavesSomething)) {
            return Meaning.ENDS;
        }
        if (statements.stream().anyMatch(PostgresRequest::sets)) {
            // Settings alone stand or fall together; what else would come again with them, and when they hold, is not
            // known.
            return statements.stream().allMatch(PostgresRequest::sets) ? Meaning.REMEMBERED : Meaning.ENDS;
        }
        return !statements.isEmpty() && statements.stream().allMatch(statement -> repeatable.test(statement.text()))
                ? Meaning.REPEATABLE
                : Meaning.ONCE;
    }

    /** For the session, and not for the transaction alone. */
    private static boolean sets(Statement statement) {
        return statement.word(0).equals("SET") && !OF_TRANSACTION.contains(statement.word(1));
    }

    private static boolean leavesSomething(Statement statement) {
        return statement.temporary() || LEAVING.contains(statement.word(0));
    }

    /** Whether nothing but statements that are used at once is asked; collects their texts. */
    private static boolean isPlain(ByteBuffer request, List<String> texts) {
        while (request.remaining() >= HEADER) {
            var type = (char) request.get(request.position());
            var length = request.getInt(request.position() + 1);
            if (length < 4 || length + 1 > request.remaining()) {
                // Longer than what is kept: the rest of it is not known.
                return false;
            }
            var body = request.slice(request.position() + HEADER, length - 4);
            request.position(request.position() + 1 + length);
            if (!isPlain(type, body, texts)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char type, ByteBuffer body, List<String> texts) {
        switch (type) {
            case 'Q' -> texts.add(text(body));
            case 'P' -> {
                if (!text(body).isEmpty()) {
                    // A statement with a name stays with the session.
                    return false;
                }
                texts.add(text(body));
            }
            case 'B' -> {
                // So does one without, if it is used later than it comes.
                return !texts.isEmpty();
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

    /** Whether a beginning or a setting was accepted: nothing in the answer, or in what is known of it, says no. */
    static boolean isAccepted(byte[] answer) {
        var messages = ByteBuffer.wrap(answer);
        while (messages.remaining() >= HEADER) {
            var start = messages.position();
            if (isRefusal(messages.slice())) {
                return false;
            }
            var end = start + 1L + messages.getInt(start + 1);
            messages.position((int) Math.clamp(end, (long) start + HEADER, messages.limit()));
        }
        // One byte says whether there is encryption.
        return answer.length > 0;
    }

    private static boolean isRefusal(ByteBuffer message) {
        return switch ((char) message.get(0)) {
            case 'E' -> true;
            // Anything but "you are in" asks for a password.
            case 'R' -> message.remaining() < HEADER + 4 || message.getInt(HEADER) != 0;
            default -> false;
        };
    }
}
