package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ham.recovery.Talks.CONNACK;
import static org.ham.recovery.Talks.CONNECT;
import static org.ham.recovery.Talks.SUBACK;
import static org.ham.recovery.Talks.SUBSCRIBE;
import static org.ham.recovery.Talks.mqtt;
import static org.ham.recovery.Talks.postgres;
import static org.ham.recovery.Talks.received;
import static org.ham.recovery.Talks.redis;
import static org.ham.recovery.Talks.resumed;
import static org.ham.recovery.Talks.sent;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ham.recovery.Conversation.State;
import org.junit.jupiter.api.Test;

/** What was read in part does not go on over another connection, and what was answered in part does not come again. */
class CutAnswersTest {
    private static final String PUSH = ">2\r\n+a\r\n+b\r\n";
    private static final String TOLD = mqtt(0x30, "\0\1atext");

    @Test
    void whatMqttPublishesIsNotCutUnnoticed() {
        var talk = mqtt();
        received(talk, TOLD.substring(0, 1), State.ASKED);
        received(talk, TOLD.substring(1, TOLD.length() - 1), State.ASKED);
        received(talk, TOLD.substring(TOLD.length() - 1), State.SETTLED);
    }

    @Test
    void whatMqttHasAcknowledgedDoesNotComeAgain() {
        var talk = mqtt();
        sent(talk, mqtt(0x32, "\0\1a\0\7one"), State.REPEATABLE);
        sent(talk, mqtt(0x32, "\0\1a\0\10two"), State.REPEATABLE);
        received(talk, mqtt(0x40, "\0\7"), State.ASKED);
        sent(talk, mqtt(0x32, "\0\1a\0\11three"), State.ASKED);
        received(talk, mqtt(0x40, "\0\10") + mqtt(0x40, "\0\11"), State.SETTLED);
        sent(talk, mqtt(0x32, "\0\1a\0\12four"), State.REPEATABLE);
    }

    @Test
    void mqttIsConnectedToOnceOnEachConnection() throws IOException {
        var talk = Protocols.mqtt().begin();
        sent(talk, CONNECT + SUBSCRIBE, State.REPEATABLE);
        assertSaid(talk, "", "");
        sent(talk, CONNECT + SUBSCRIBE, State.REPEATABLE);
        received(talk, CONNACK, State.ASKED);
        assertSaid(talk, CONNACK, CONNECT);
        sent(talk, SUBSCRIBE, State.REPEATABLE);
        received(talk, SUBACK, State.SETTLED);
        assertSaid(talk, CONNACK + SUBACK, CONNECT + SUBSCRIBE);
    }

    @Test
    void mqttIsConnectedToByTheProgramUntilThatWasAccepted() throws IOException {
        var talk = Protocols.mqtt().begin();
        sent(talk, CONNECT, State.REPEATABLE);
        received(talk, CONNACK.substring(0, 2), State.ASKED);
        assertSaid(talk, "", "");
        assertSaid(talk, "", "");
        sent(talk, CONNECT, State.REPEATABLE);
        received(talk, mqtt(0x20, "\0\5"), State.OVER);
    }

    /** The program has begun anew on a connection that was connected again, and the server drops it for that. */
    @Test
    void aSecondConnectForgetsTheFirst() throws IOException {
        var talk = mqtt();
        sent(talk, CONNECT, State.REPEATABLE);
        assertSaid(talk, "", "");
        sent(talk, CONNECT, State.REPEATABLE);
        received(talk, CONNACK, State.SETTLED);
        assertSaid(talk, CONNACK, CONNECT);
    }

    /** What needs no answer is kept with what was written after it, and would come a second time. */
    @Test
    void whatMqttLosesMayNotComeTwice() {
        var talk = mqtt();
        sent(talk, mqtt(0x30, "\0\1aonce") + "\62", State.WRITING);
        sent(talk, mqtt(0x32, "\0\1a\0\7text").substring(1), State.REPEATABLE);
        received(talk, mqtt(0x40, "\0\7"), State.SETTLED);
        var together = mqtt(0x30, "\0\1aonce") + mqtt(0x32, "\0\1a\0\7text");
        talk.sent(ByteBuffer.wrap(together.getBytes(ISO_8859_1)));
        received(talk, "", State.ASKED);
        received(talk, mqtt(0x40, "\0\7"), State.SETTLED);
        received(talk, TOLD.substring(0, 3), State.ASKED);
        sent(talk, mqtt(0x30, "\0\1aonce"), State.ASKED);
        sent(talk, mqtt(0x32, "\0\1a\0\7text"), State.ASKED);
        received(talk, TOLD.substring(3), State.ASKED);
        received(talk, mqtt(0x40, "\0\7"), State.SETTLED);
    }

    /** The server counts on it, and on another connection the number may be another message's. */
    @Test
    void whatIsToBeAcknowledgedToMqttIsTold() {
        var talk = mqtt();
        received(talk, mqtt(0x32, "\0\1a\0\7text"), State.ASKED);
        sent(talk, mqtt(0x40, "\0\7"), State.SETTLED);
        received(talk, mqtt(0x34, "\0\1a\0\10text"), State.ASKED);
        sent(talk, mqtt(0x50, "\0\10"), State.ASKED);
        received(talk, mqtt(0x62, "\0\10"), State.ASKED);
        sent(talk, mqtt(0x70, "\0\10"), State.SETTLED);
    }

    @Test
    void whatRedisSaysByItselfIsNotCutUnnoticed() {
        var talk = Protocols.redis().begin();
        received(talk, PUSH.substring(0, 1), State.ASKED);
        received(talk, PUSH.substring(1, PUSH.length() - 1), State.ASKED);
        received(talk, PUSH.substring(PUSH.length() - 1), State.SETTLED);
        sent(talk, redis("GET", "a"), State.REPEATABLE);
        received(talk, PUSH.substring(0, 5), State.ASKED);
        received(talk, PUSH.substring(5), State.REPEATABLE);
        received(talk, "$1\r\n", State.ASKED);
        received(talk, "b\r\n" + PUSH, State.SETTLED);
    }

    @Test
    void whatPostgresSaysByItselfIsNotCutUnnoticed() {
        var talk = postgres();
        var notice = postgres('N', "text\0");
        received(talk, notice.substring(0, 2), State.ASKED);
        received(talk, notice.substring(2, notice.length() - 1), State.ASKED);
        received(talk, notice.substring(notice.length() - 1), State.SETTLED);
        sent(talk, postgres('Q', "select 1\0"), State.REPEATABLE);
        received(talk, notice, State.ASKED);
        received(talk, postgres('Z', "I") + notice, State.SETTLED);
    }

    @Test
    void whatHttpSaysBeforeAnAnswerIsNone() {
        var talk = Protocols.http().begin();
        sent(talk, "GET / HTTP/1.1\r\n\r\n", State.REPEATABLE);
        received(talk, "HTTP/1.1 103 Early Hints\r\n\r", State.ASKED);
        received(talk, "\n", State.REPEATABLE);
        received(talk, "HTTP/1.1 204 No Content\r\n\r\n", State.SETTLED);
    }

    @Test
    void aLineThatNobodyAskedForIsNotCutUnnoticed() {
        var talk = Protocols.lines(_ -> true).begin();
        received(talk, "new", State.ASKED);
        received(talk, "s\n", State.SETTLED);
        received(talk, "news", State.ASKED);
        // Whether that answers it is not to be known.
        sent(talk, "get\n", State.OVER);
    }

    /** It was written together with what is half written, and would come again with it. */
    @Test
    void whatWasAnsweredDoesNotComeAgainWithTheNext() {
        var talk = Protocols.lines(_ -> true).begin();
        sent(talk, "get 1\nget", State.WRITING);
        received(talk, "one\n", State.WRITING);
        sent(talk, " 2\n", State.ASKED);
        received(talk, "two\n", State.SETTLED);
        sent(talk, "get 3\n", State.REPEATABLE);
    }

    @Test
    void anAnswerBeforeTheEndOfItsRequestCannotBeFollowed() {
        var talk = Protocols.http().begin();
        sent(talk, "PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\na", State.WRITING);
        received(talk, "HTTP/1.1 204 No Content\r\n\r\n", State.OVER);
    }

    private static void assertSaid(Conversation talk, String answers, String said) throws IOException {
        assertThat(resumed(talk, answers, "")).isEqualTo(said);
    }
}
