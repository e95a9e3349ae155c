package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ham.recovery.Talks.CONNACK;
import static org.ham.recovery.Talks.CONNECT;
import static org.ham.recovery.Talks.LET_IN;
import static org.ham.recovery.Talks.START;
import static org.ham.recovery.Talks.SUBACK;
import static org.ham.recovery.Talks.SUBSCRIBE;
import static org.ham.recovery.Talks.extended;
import static org.ham.recovery.Talks.mqtt;
import static org.ham.recovery.Talks.postgres;
import static org.ham.recovery.Talks.received;
import static org.ham.recovery.Talks.redis;
import static org.ham.recovery.Talks.resumed;
import static org.ham.recovery.Talks.sent;
import static org.ham.recovery.Talks.start;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.ham.recovery.Conversation.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ready-made protocols: wherever the bytes are divided, they know where they are. */
class ProtocolsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            ONCE, +OK~
            ONCE, :12~
            ONCE, $3~abc~
            ONCE, $0~~
            ONCE, $-1~
            ONCE, *2~$1~a~*1~:1~
            ONCE, *0~
            ONCE, *-1~
            ONCE, %1~+a~:1~
            ONCE, >1~+push~+OK~
            ONCE, |1~+a~+b~+OK~
            ONCE, ~2~:1~:2~
            ONCE, -ERR no~
            """, quoteCharacter = '"')
    void anyValueOfRedisIsOneAnswer(String name, String answer) {
        var bytes =
                answer.startsWith("~") ? "~" + answer.substring(1).replace("~", "\r\n") : answer.replace("~", "\r\n");
        var talk = Protocols.redis(_ -> false).begin();
        sent(talk, redis(name, "a"), State.ASKED);
        received(talk, bytes.substring(0, bytes.length() - 1), State.ASKED);
        received(talk, "\n", State.SETTLED);
    }

    @Test
    void redisKnowsWhatMayComeTwice() {
        var talk = Protocols.redis().begin();
        sent(talk, "*2\r\n$3\r\nGET", State.WRITING);
        sent(talk, "\r\n$1\r\na\r\n", State.REPEATABLE);
        sent(talk, redis("INCR", "a"), State.ASKED);
        received(talk, "$1\r\nb\r\n", State.ASKED);
        received(talk, ":1\r\n", State.SETTLED);
        sent(talk, "PING\r\n", State.REPEATABLE);
        received(talk, "+P", State.ASKED);
        received(talk, "ONG\r\n", State.SETTLED);
        sent(talk, redis("MULTI"), State.ASKED);
        received(talk, "+OK\r\n", State.ASKED);
        sent(talk, redis("EXEC"), State.ASKED);
        received(talk, "*0\r\n", State.SETTLED);
        sent(talk, redis("SUBSCRIBE", "a"), State.OVER);
    }

    @Test
    void redisRebuildsItsSession() throws IOException {
        var talk = Protocols.redis().begin();
        for (var words : List.of(redis("AUTH", "secret"), redis("SELECT", "1"), redis("CLIENT", "SETNAME", "me"))) {
            sent(talk, words, State.REPEATABLE);
            received(talk, "+OK\r\n", State.SETTLED);
        }
        sent(talk, redis("SELECT", "99"), State.REPEATABLE);
        received(talk, "-ERR out of range\r\n", State.SETTLED);
        sent(talk, redis("GET", "a"), State.REPEATABLE);
        assertThat(resumed(talk, "+OK\r\n+OK\r\n+OK\r\n>1\r\n+x\r\n", ">1\r\n+x\r\n"))
                .isEqualTo(redis("AUTH", "secret") + redis("SELECT", "1") + redis("CLIENT", "SETNAME", "me"));
        assertThatThrownBy(() -> resumed(talk, "-LOADING\r\n", "")).hasMessageContaining("refuses now");
        assertThatThrownBy(() -> resumed(talk, "+OK\r\n", "")).hasMessageContaining("ended the connection");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            "GET / HTTP/1.1|Host: h||", "HTTP/1.1 200 OK|Content-Length: 3||abc"
            "GET / HTTP/1.1||", "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3;x=y|abc|0|a: b||"
            "GET / HTTP/1.1||", "HTTP/1.1 204 No Content||"
            "GET / HTTP/1.1||", "HTTP/1.1 304 Not Modified|Content-Length: 3||"
            "GET / HTTP/1.1||", "HTTP/1.1 100 Continue||HTTP/1.1 200 OK|content-length: 0||"
            "HEAD / HTTP/1.1||", "HTTP/1.1 200 OK|Content-Length: 3||"
            "PUT / HTTP/1.1|Content-Length: 4||abcd", "HTTP/1.1 201 Created|Content-Length: 0||"
            "PUT / HTTP/1.1|Transfer-Encoding: chunked||a|0123456789|0||", "HTTP/1.1 200 OK|Content-Length: 1||a"
            """, quoteCharacter = '"')
    void httpKnowsWhereMessagesEnd(String request, String answer) {
        var talk = Protocols.http().begin();
        for (var times = 0; times < 2; times++) {
            sent(talk, request.replace("|", "\r\n"), State.REPEATABLE);
            received(talk, "H", State.ASKED);
            received(talk, answer.substring(1).replace("|", "\r\n"), State.SETTLED);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            "GET / HTTP/1.1|Connection: close||", ""
            "GET / HTTP/1.0||", ""
            "CONNECT h:1 HTTP/1.1||", "HTTP/1.1 200 OK||"
            "GET / HTTP/1.1|Upgrade: websocket||", ""
            "GET / HTTP/1.1||", "HTTP/1.1 200 OK||until the end"
            "GET / HTTP/1.1||", "HTTP/1.1 200 OK|Content-Length: x||"
            "GET / HTTP/1.1||", "HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|"
            """, quoteCharacter = '"')
    void httpKnowsWhenAConnectionEnds(String request, String answer) {
        var talk = Protocols.http().begin();
        talk.sent(ByteBuffer.wrap(request.replace("|", "\r\n").getBytes(ISO_8859_1)));
        received(talk, answer.replace("|", "\r\n"), State.OVER);
    }

    @Test
    void httpRepeatsNoPost() {
        var talk = Protocols.http().begin();
        sent(talk, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na", State.WRITING);
        sent(talk, "b", State.ASKED);
        assertThat(Protocols.http().meaning().apply("post / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1)))
                .isEqualTo(Meaning.ONCE);
    }

    @Test
    void postgresKnowsWhatMayComeTwice() throws IOException {
        var talk = postgres();
        sent(talk, postgres('Q', "select 1\0"), State.REPEATABLE);
        received(talk, postgres('C', "x\0") + postgres('Z', "I"), State.SETTLED);
        sent(talk, extended("", "insert"), State.ASKED);
        received(talk, postgres('Z', "I"), State.SETTLED);
        sent(talk, extended("", "SET a = b"), State.REPEATABLE);
        received(talk, postgres('1', "") + postgres('Z', "I"), State.SETTLED);
        sent(talk, postgres('Q', "begin\0"), State.ASKED);
        received(talk, postgres('Z', "T"), State.ASKED);
        sent(talk, postgres('Q', "commit\0"), State.ASKED);
        received(talk, postgres('Z', "I"), State.SETTLED);
        assertThat(resumed(talk, "N" + LET_IN + postgres('1', "") + postgres('Z', "I"), ""))
                .isEqualTo(start(PostgresTalk.SSL_REQUEST, "") + START + extended("", "SET a = b"));
        assertThatThrownBy(() -> resumed(talk, "N" + postgres('E', "starting\0") + LET_IN, ""))
                .hasMessageContaining("refuses now");
    }

    @Test
    void postgresEndsWhereItsSessionCannotBeRebuilt() {
        for (var statement : List.of("listen a", "create temp table a", "prepare a", "discard all")) {
            sent(postgres(), postgres('Q', statement + "\0"), State.OVER);
        }
        sent(postgres(), extended("S_1", "select 1"), State.OVER);
        sent(postgres(), postgres('X', ""), State.OVER);
        var copies = postgres();
        sent(copies, postgres('Q', "copy a from stdin\0"), State.ASKED);
        received(copies, postgres('G', "\0\0\0"), State.OVER);
        var encrypted = Protocols.postgres(_ -> false).begin();
        sent(encrypted, start(PostgresTalk.SSL_REQUEST, ""), State.REPEATABLE);
        received(encrypted, "S", State.OVER);
        var asks = Protocols.postgres(_ -> false).begin();
        sent(asks, START, State.REPEATABLE);
        received(asks, postgres('R', "\0\0\0\5abcd"), State.ASKED);
        sent(asks, postgres('p', "secret\0"), State.OVER);
    }

    @Test
    void mqttRebuildsItsSession() throws IOException {
        var talk = mqtt();
        var retained = mqtt(0x31, "\0\1aold");
        assertThat(resumed(talk, CONNACK + retained + SUBACK, retained)).isEqualTo(CONNECT + SUBSCRIBE);
        sent(talk, mqtt(0xA2, "\0\2\0\1a"), State.REPEATABLE);
        received(talk, mqtt(0xB0, "\0\2"), State.SETTLED);
        assertThat(resumed(talk, CONNACK + SUBACK + mqtt(0xB0, "\0\2"), ""))
                .isEqualTo(CONNECT + SUBSCRIBE + mqtt(0xA2, "\0\2\0\1a"));
        assertThatThrownBy(() -> resumed(talk, mqtt(0x20, "\0\5"), "")).hasMessageContaining("code 5");
    }

    @Test
    void mqttKnowsWhatMayComeTwice() {
        var talk = mqtt();
        sent(talk, mqtt(0x30, "\0\1aonce"), State.SETTLED);
        sent(talk, mqtt(0x32, "\0\1a\0\7text"), State.REPEATABLE);
        received(talk, mqtt(0x30, "\0\1bunasked"), State.REPEATABLE);
        sent(talk, mqtt(0x30, "\0\1aonce"), State.ASKED);
        received(talk, mqtt(0x40, "\0\7"), State.SETTLED);
        sent(talk, mqtt(0xC0, ""), State.REPEATABLE);
        received(talk, mqtt(0xD0, ""), State.SETTLED);
        sent(talk, mqtt(0x34, "\0\1a\0\10text"), State.ASKED);
        received(talk, mqtt(0x50, "\0\10"), State.ASKED);
        sent(talk, mqtt(0x62, "\0\10"), State.ASKED);
        received(talk, mqtt(0x70, "\0\10"), State.SETTLED);
        sent(talk, "\60", State.WRITING);
        sent(talk, "\0", State.SETTLED);
        sent(talk, mqtt(0xE0, ""), State.OVER);
    }

    @Test
    void aPublishedTextLongerThanASmallLengthIsOnePacket() {
        var talk = mqtt();
        var text = "x".repeat(300 - 3);
        sent(talk, "\60\u00AC\2\0\1a" + text.substring(1), State.WRITING);
        sent(talk, "x", State.SETTLED);
    }
}
