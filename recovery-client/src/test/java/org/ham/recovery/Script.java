package org.ham.recovery;

import static org.ham.recovery.Talks.CONNACK;
import static org.ham.recovery.Talks.CONNECT;
import static org.ham.recovery.Talks.START;
import static org.ham.recovery.Talks.SUBACK;
import static org.ham.recovery.Talks.SUBSCRIBE;
import static org.ham.recovery.Talks.mqtt;
import static org.ham.recovery.Talks.postgres;
import static org.ham.recovery.Talks.redis;

import java.util.List;

/**
 * A talk in a protocol, word by word. Immutable.
 *
 * @param aside what the server says by itself: after each login, and before the answer to what may come twice
 */
record Script(SocketProtocol protocol, String aside, List<Turn> turns) {
    /** What is asked is to a connection. */
    enum Kind {
        /** To be said first on each connection; said again by the program until it is answered. */
        LOGIN,
        /** May come twice. */
        READ,
        /** Must not come twice. */
        ONCE,
        /** Must not come twice, is not answered, and may be lost without a word. */
        TOLD,
        /** From here to the commit nothing is carried out before it. */
        BEGIN,
        COMMIT
    }

    /** One request and its answer. */
    record Turn(Kind kind, String request, String answer) {
        /** How many bytes the server says. */
        int bytes(String aside) {
            return answer.length() + (kind == Kind.LOGIN || kind == Kind.READ ? aside.length() : 0);
        }
    }

    static Script ofRedis() {
        return new Script(
                Protocols.redis(),
                ">1\r\n+a\r\n",
                List.of(
                        new Turn(Kind.LOGIN, redis("HELLO", "3"), "%1\r\n+proto\r\n:3\r\n"),
                        new Turn(Kind.LOGIN, redis("SELECT", "5"), "+OK\r\n"),
                        new Turn(Kind.READ, redis("GET", "a"), "$1\r\nb\r\n"),
                        new Turn(Kind.ONCE, redis("INCR", "c"), ":1\r\n"),
                        new Turn(Kind.BEGIN, redis("MULTI"), "+OK\r\n"),
                        new Turn(Kind.ONCE, redis("INCR", "d"), "+QUEUED\r\n"),
                        new Turn(Kind.COMMIT, redis("EXEC"), "*1\r\n:1\r\n"),
                        new Turn(Kind.READ, redis("GET", "e"), "$-1\r\n")));
    }

    static Script ofHttp() {
        return new Script(
                Protocols.http(),
                "HTTP/1.1 103 E\r\n\r\n",
                List.of(
                        new Turn(
                                Kind.READ, "GET /a HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"),
                        new Turn(
                                Kind.ONCE,
                                "POST /b HTTP/1.1\r\nContent-Length: 1\r\n\r\nc",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nd\r\n0\r\n\r\n"),
                        new Turn(
                                Kind.READ,
                                "PUT /e HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nf\r\n0\r\n\r\n",
                                "HTTP/1.1 204 OK\r\n\r\n")));
    }

    private static Turn query(Kind kind, String text, String answer, char state) {
        return new Turn(kind, postgres('Q', text + "\0"), answer + postgres('C', "x\0") + postgres('Z', "" + state));
    }

    static Script ofPostgres() {
        return new Script(
                Protocols.postgres(text -> text.startsWith("select")),
                postgres('S', "a\0b\0"),
                List.of(
                        new Turn(Kind.LOGIN, START, postgres('R', "\0\0\0\0") + postgres('Z', "I")),
                        query(Kind.LOGIN, "set a = 1", "", 'I'),
                        query(Kind.READ, "select 1", postgres('D', "1"), 'I'),
                        query(Kind.ONCE, "insert", "", 'I'),
                        query(Kind.BEGIN, "begin", "", 'T'),
                        query(Kind.ONCE, "update", "", 'T'),
                        query(Kind.COMMIT, "commit", "", 'I'),
                        query(Kind.READ, "select 2", postgres('D', "2"), 'I')));
    }

    static Script ofMqtt() {
        return new Script(
                Protocols.mqtt(),
                mqtt(0x30, "\0\1anew"),
                List.of(
                        new Turn(Kind.LOGIN, CONNECT, CONNACK),
                        new Turn(Kind.LOGIN, SUBSCRIBE, SUBACK),
                        new Turn(Kind.READ, mqtt(0x32, "\0\1b\0\7text"), mqtt(0x40, "\0\7")),
                        new Turn(Kind.TOLD, mqtt(0x30, "\0\1ctext"), ""),
                        new Turn(Kind.READ, mqtt(0x32, "\0\1d\0\10text"), mqtt(0x40, "\0\10")),
                        new Turn(Kind.BEGIN, mqtt(0x34, "\0\1e\0\11text"), mqtt(0x50, "\0\11")),
                        new Turn(Kind.COMMIT, mqtt(0x62, "\0\11"), mqtt(0x70, "\0\11")),
                        new Turn(Kind.READ, mqtt(0xC0, ""), mqtt(0xD0, ""))));
    }
}
