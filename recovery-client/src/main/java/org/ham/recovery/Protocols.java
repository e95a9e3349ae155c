package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Ready-made protocols of covered sockets. Each says what it keeps of a session; a program that has more there has its own protocol, or
 * is better off with {@link SocketProtocol#unknown}. Stateless.
 */
public final class Protocols {
    private static final Set<String> HARMLESS_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private static final Set<String> HARMLESS_COMMANDS = Set.of(
            "BITCOUNT",
            "BITPOS",
            "DBSIZE",
            "ECHO",
            "EXISTS",
            "GET",
            "GETBIT",
            "GETRANGE",
            "HEXISTS",
            "HGET",
            "HGETALL",
            "HKEYS",
            "HLEN",
            "HMGET",
            "HSCAN",
            "HSTRLEN",
            "HVALS",
            "INFO",
            "KEYS",
            "LINDEX",
            "LLEN",
            "LRANGE",
            "MGET",
            "PING",
            "PTTL",
            "SCAN",
            "SCARD",
            "SISMEMBER",
            "SMEMBERS",
            "SSCAN",
            "STRLEN",
            "TIME",
            "TTL",
            "TYPE",
            "ZCARD",
            "ZCOUNT",
            "ZRANGE",
            "ZRANK",
            "ZSCAN",
            "ZSCORE");

    private Protocols() {}

    /**
     * A line is asked, a line is answered.
     *
     * @param repeatable whether a request, without its line's end, may be carried out twice
     */
    public static RequestProtocol lines(Predicate<String> repeatable) {
        return RequestProtocol.of(
                Framing::lines,
                request ->
                        repeatable.test(new String(request, ISO_8859_1).strip()) ? Meaning.REPEATABLE : Meaning.ONCE);
    }

    /** HTTP/1.1; GET, HEAD, OPTIONS, TRACE, PUT and DELETE may be carried out twice, as its standard has it. */
    public static RequestProtocol http() {
        return http(HARMLESS_METHODS::contains);
    }

    /**
     * HTTP/1.1, which has no session. What is asked with {@code Connection: close}, an upgrade and a tunnel are not brought back.
     *
     * @param repeatable whether a method, in capitals, may be carried out twice
     */
    public static RequestProtocol http(Predicate<String> repeatable) {
        return RequestProtocol.of(
                () -> {
                    var methods = new ArrayDeque<String>();
                    return new Framing(new HttpBoundary(true, methods), new HttpBoundary(false, methods));
                },
                request -> {
                    var head = new HttpHead(new String(request, ISO_8859_1).stripLeading());
                    return repeatable.test(head.first().toUpperCase(Locale.ROOT)) ? Meaning.REPEATABLE : Meaning.ONCE;
                });
    }

    /** Redis; commands that only read may be carried out twice. */
    public static RequestProtocol redis() {
        return redis(HARMLESS_COMMANDS::contains);
    }

    /**
     * Redis, with pipelines. A login, a selected database and what a client says of itself come back. A transaction that is cut is told; a
     * subscription is not brought back, nor a connection of which something that comes back was said in a transaction.
     *
     * @param repeatable whether a command, by its name in capitals, may be carried out twice
     */
    public static RequestProtocol redis(Predicate<String> repeatable) {
        return new RequestProtocol(
                () -> new Framing(new RedisBoundary(), new RedisBoundary()),
                request -> RedisRequest.meaning(request, repeatable),
                answer -> answer.length > 0 && answer[0] != '-' && answer[0] != '!',
                Login.none());
    }

    /**
     * PostgreSQL, where it lets the client in without a password: by its address, its user or a certificate. The beginning of the connection
     * and what was set by {@code SET} come back. Nothing else may be kept in the session: what would leave something there (a
     * statement with a name, {@code LISTEN}, a temporary table, copying, a password, encryption that is asked for over the connection)
     * ends the recovery for this connection, and what does so unseen, such as an advisory lock, must not be used. {@code SET} in a
     * transaction or together with other statements ends it too, for it may be undone. A loss
     * within a transaction is told. With the JDBC driver: {@code prepareThreshold=0}.
     *
     * @param repeatable whether a statement, by its text, may be carried out twice; asked for each one of several
     */
    public static RequestProtocol postgres(Predicate<String> repeatable) {
        return new RequestProtocol(
                () -> new PostgresTalk().framing(),
                request -> PostgresRequest.meaning(request, repeatable),
                PostgresRequest::isAccepted,
                Login.none());
    }

    /**
     * MQTT 3.1 and 3.1.1. The connection and subscriptions come back. A message with quality of service 1 that was not acknowledged is
     * sent again and may come twice, as its quality allows; one of quality 0 may be lost, as its quality allows. A loss is told while one
     * of quality 2 is under way, while of several only some are acknowledged, and while the program has not acknowledged what it got.
     */
    public static SocketProtocol mqtt() {
        return MqttConversation::new;
    }
}
