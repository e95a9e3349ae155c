package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.net.Socket;
import java.time.Duration;

/**
 * What the covered sockets of a factory do about losses. Immutable.
 *
 * @param protocol what is known of the talk: logins, the ends of messages, what may be sent again
 * @param recovery brings a connection back, by {@link Connection#reopen()} as a rule; a socket that is opened so has the options that
 *     were set and has gone through the protocol's login. It may also lead elsewhere with a socket that is connected
 * @param connecting what is done when connecting fails
 * @param capacity how many bytes of unanswered messages are kept to be sent again; a longer one is not repeated; up to 64 MiB
 * @param limit how long connecting and each read of a login may take in a recovery; from 1 ms to 1 day
 * @param quiet after how long a silence a message that begins is preceded by a look whether the peer has ended the connection, which
 *     costs up to a millisecond and makes certain that the message was not carried out; from 0 to 1 day
 * @param patience how long an operation waits while another thread recovers the connection; from 1 ms to 1 day
 */
public record SocketPolicy(
        SocketProtocol protocol,
        Recovery<Socket> recovery,
        Connecting connecting,
        int capacity,
        Duration limit,
        Duration quiet,
        Duration patience) {
    private static final int USUAL_CAPACITY = 1 << 16;
    private static final int MOST_CAPACITY = 1 << 26;
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);
    private static final Duration USUAL_QUIET = Duration.ofMillis(20);
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofDays(1);

    /** Whether the recovery function is called when the first connecting fails. */
    public enum Connecting {
        /** It fails as without a cover. */
        ONCE,
        /** The recovery function is called, as for a connection that was lost. A time-out and a name without an address fail. */
        RECOVERED
    }

    /** Checks the ranges: {@link IllegalArgumentException}. */
    public SocketPolicy {
        requireNonNull(protocol, "protocol");
        requireNonNull(recovery, "recovery");
        requireNonNull(connecting, "connecting");
        if (capacity < 0 || capacity > MOST_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + ": expected from 0 to " + MOST_CAPACITY);
        }
        requireRange("limit", limit, LEAST);
        requireRange("quiet", quiet, Duration.ZERO);
        requireRange("patience", patience, LEAST);
    }

    private static void requireRange(String what, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(what + " " + value + ": expected from " + least + " to " + MOST);
        }
    }

    /** Connecting once, 64 KiB to be sent again, a limit of 10 s, a look after 20 ms of silence, a patience of one minute. */
    public static SocketPolicy of(SocketProtocol protocol, Recovery<Socket> recovery) {
        return new SocketPolicy(
                protocol, recovery, Connecting.ONCE, USUAL_CAPACITY, USUAL_LIMIT, USUAL_QUIET, USUAL_PATIENCE);
    }

    /** The same with another conduct when connecting fails. */
    public SocketPolicy connecting(Connecting other) {
        return new SocketPolicy(protocol, recovery, other, capacity, limit, quiet, patience);
    }

    /** The same with another capacity. */
    public SocketPolicy capacity(int other) {
        return new SocketPolicy(protocol, recovery, connecting, other, limit, quiet, patience);
    }

    /** The same with another limit. */
    public SocketPolicy limit(Duration other) {
        return new SocketPolicy(protocol, recovery, connecting, capacity, other, quiet, patience);
    }

    /** The same with another silence. */
    public SocketPolicy quiet(Duration other) {
        return new SocketPolicy(protocol, recovery, connecting, capacity, limit, other, patience);
    }

    /** The same with another patience. */
    public SocketPolicy patience(Duration other) {
        return new SocketPolicy(protocol, recovery, connecting, capacity, limit, quiet, other);
    }
}
