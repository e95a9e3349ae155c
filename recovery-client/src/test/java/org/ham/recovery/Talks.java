package org.ham.recovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.ham.recovery.Conversation.State;

/** What is said in the protocols that covered sockets know, and a talk that is followed byte by byte. Stateless. */
final class Talks {
    static final String START = start(196_608, "user\0me\0\0");
    static final String LET_IN = postgres('R', "\0\0\0\0") + postgres('S', "a\0b\0") + postgres('Z', "I");
    static final String CONNECT = mqtt(0x10, "\0\4MQTT\4\2\0\74\0\0");
    static final String CONNACK = mqtt(0x20, "\0\0");
    static final String SUBSCRIBE = mqtt(0x82, "\0\1\0\1a\1");
    static final String SUBACK = mqtt(0x90, "\0\1\1");

    private Talks() {}

    /** Goes through it byte by byte; before its end it is never where it is at the end. */
    static void sent(Conversation talk, String bytes, State state) {
        for (var next : bytes.getBytes(ISO_8859_1)) {
            talk.sent(ByteBuffer.wrap(new byte[] {next}));
        }
        assertThat(talk.state()).as("sent %s", bytes).isEqualTo(state);
    }

    static void received(Conversation talk, String bytes, State state) {
        for (var next : bytes.getBytes(ISO_8859_1)) {
            talk.received(ByteBuffer.wrap(new byte[] {next}));
        }
        assertThat(talk.state()).as("received %s", bytes).isEqualTo(state);
    }

    /** What is said on a new connection whose peer answers so. */
    static String resumed(Conversation talk, String answers, String left) throws IOException {
        var said = new ByteArrayOutputStream();
        var read = talk.resume(new ByteArrayInputStream(answers.getBytes(ISO_8859_1)), said);
        assertThat(ISO_8859_1.decode(read).toString()).isEqualTo(left);
        assertThat(talk.state()).isEqualTo(State.SETTLED);
        return said.toString(ISO_8859_1);
    }

    static String redis(String... words) {
        var text = new StringBuilder("*" + words.length + "\r\n");
        for (var word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    static String postgres(char type, String body) {
        var message = ByteBuffer.allocate(5 + body.length()).put((byte) type).putInt(4 + body.length());
        return ISO_8859_1.decode(message.put(body.getBytes(ISO_8859_1)).flip()).toString();
    }

    static String start(int code, String body) {
        var message =
                ByteBuffer.allocate(8 + body.length()).putInt(8 + body.length()).putInt(code);
        return ISO_8859_1.decode(message.put(body.getBytes(ISO_8859_1)).flip()).toString();
    }

    static Conversation postgres() {
        var talk = Protocols.postgres(text -> text.startsWith("select")).begin();
        sent(talk, start(PostgresTalk.SSL_REQUEST, ""), State.REPEATABLE);
        received(talk, "N", State.SETTLED);
        sent(talk, START, State.REPEATABLE);
        received(talk, LET_IN.substring(0, LET_IN.length() - 1), State.ASKED);
        received(talk, "I", State.SETTLED);
        return talk;
    }

    static String extended(String name, String statement) {
        return postgres('P', name + "\0" + statement + "\0\0\0")
                + postgres('B', "\0\0\0\0\0\0\0\0")
                + postgres('E', "\0\0\0\0\0")
                + postgres('S', "");
    }

    /** A packet whose body is shorter than 128 bytes. */
    static String mqtt(int first, String body) {
        return (char) first + "" + (char) body.length() + body;
    }

    static Conversation mqtt() {
        var talk = Protocols.mqtt().begin();
        sent(talk, CONNECT, State.REPEATABLE);
        received(talk, CONNACK, State.SETTLED);
        sent(talk, SUBSCRIBE, State.REPEATABLE);
        received(talk, SUBACK, State.SETTLED);
        return talk;
    }
}
