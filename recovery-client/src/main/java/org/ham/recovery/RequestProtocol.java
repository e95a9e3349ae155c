package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A protocol of requests that are answered in their order, one answer each. Between them nobody notices a loss; a request that was
 * not answered is sent again if its meaning allows and nothing of an answer was read since the last moment in which all was answered; a
 * half-written one is never sent again. Immutable.
 *
 * @param framing where messages end; called for each connection
 * @param meaning what a whole request is; of one longer than 64 KiB it sees the beginning
 * @param accepted whether a remembered request was: sees the answer's first 4 KiB. What was accepted once must be again
 * @param login what comes first on each later connection, before the remembered requests
 */
public record RequestProtocol(
        Supplier<Framing> framing, Function<byte[], Meaning> meaning, Predicate<byte[]> accepted, Login login)
        implements SocketProtocol {
    /** All are there. */
    public RequestProtocol {
        requireNonNull(framing, "framing");
        requireNonNull(meaning, "meaning");
        requireNonNull(accepted, "accepted");
        requireNonNull(login, "login");
    }

    /** Without a login, and any answer accepts. */
    public static RequestProtocol of(Supplier<Framing> framing, Function<byte[], Meaning> meaning) {
        return new RequestProtocol(framing, meaning, _ -> true, Login.none());
    }

    /** The same with another login. */
    public RequestProtocol login(Login other) {
        return new RequestProtocol(framing, meaning, accepted, other);
    }

    @Override
    public Conversation begin() {
        return new RequestConversation(this);
    }
}
