package org.ham.recovery;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ham.recovery.MqttPackets.Packet;
import org.jspecify.annotations.Nullable;

/** A client's talk with an MQTT server, versions 3.1 and 3.1.1. Called by one thread at a time. */
final class MqttConversation implements Conversation {
    private static final int CONNECT = 1;
    private static final int CONNACK = 2;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBCOMP = 7;
    private static final int SUBSCRIBE = 8;
    private static final int SUBACK = 9;
    private static final int UNSUBSCRIBE = 10;
    private static final int UNSUBACK = 11;
    private static final int PINGREQ = 12;
    private static final int PINGRESP = 13;
    private static final int DISCONNECT = 14;

    private static final int MOST_REMEMBERED = 256;

    private MqttPackets out = new MqttPackets();
    private MqttPackets in = new MqttPackets();

    /** What is not answered yet, by what answers it: the type of the answer and the number of the message. */
    private final Map<Integer, Packet> asked = new HashMap<>();

    private final List<byte[]> remembered = new ArrayList<>();
    private byte @Nullable [] connect;
    private boolean onceUnderWay;
    private boolean over;

    private static int answer(int type, int id) {
        return type << 16 | id;
    }

    @Override
    public void sent(ByteBuffer bytes) {
        for (var packet = out.next(bytes); packet != null; packet = out.next(bytes)) {
            ask(packet);
        }
        over |= out.isMalformed();
    }

    private void ask(Packet packet) {
        switch (packet.type()) {
            case CONNECT -> {
                connect = packet.bytes();
                asked.put(answer(CONNACK, 0), packet);
            }
            case PUBLISH -> publish(packet);
            case SUBSCRIBE -> asked.put(answer(SUBACK, packet.number(0)), packet);
            case UNSUBSCRIBE -> asked.put(answer(UNSUBACK, packet.number(0)), packet);
            case PINGREQ -> asked.put(answer(PINGRESP, 0), packet);
            case DISCONNECT -> over = true;
            default -> {
                // Acknowledgements: what they are for comes again when they are lost.
            }
        }
    }

    private void publish(Packet packet) {
        switch (packet.quality()) {
            case 1 -> asked.put(answer(PUBACK, packet.idOfPublished()), packet);
            case 2 -> {
                asked.put(answer(PUBCOMP, packet.idOfPublished()), packet);
                onceUnderWay = true;
            }
            // While others wait it would come a second time with them.
            default -> onceUnderWay |= !asked.isEmpty();
        }
    }

    @Override
    public void received(ByteBuffer bytes) {
        for (var packet = in.next(bytes); packet != null; packet = in.next(bytes)) {
            var type = packet.type();
            var id = type == CONNACK || type == PINGRESP ? 0 : packet.number(0);
            var answered = asked.remove(answer(type, id));
            if (answered != null && (type == SUBACK || type == UNSUBACK)) {
                remember(answered.bytes());
            }
        }
        over |= in.isMalformed();
        onceUnderWay &= !asked.isEmpty();
    }

    /** The last of what asks for the same counts; the number of the message is no part of that. */
    private void remember(byte[] packet) {
        remembered.removeIf(known -> Arrays.equals(withoutId(known), withoutId(packet)));
        remembered.add(packet);
        over |= remembered.size() > MOST_REMEMBERED || packet.length >= MqttPackets.MOST;
    }

    private static byte[] withoutId(byte[] bytes) {
        var packet = new MqttPackets().next(ByteBuffer.wrap(bytes));
        var copy = bytes.clone();
        if (packet != null) {
            Arrays.fill(copy, packet.body(), packet.body() + 2, (byte) 0);
        }
        return copy;
    }

    @Override
    public State state() {
        if (over) {
            return State.OVER;
        }
        if (!out.isEmpty()) {
            return State.WRITING;
        }
        if (onceUnderWay) {
            return State.ASKED;
        }
        return asked.isEmpty() ? State.SETTLED : State.REPEATABLE;
    }

    /** What the server publishes meanwhile is the program's. */
    @Override
    public ByteBuffer resume(InputStream from, OutputStream to) throws IOException {
        var asksForConnection = asked.containsKey(answer(CONNACK, 0));
        out = new MqttPackets();
        in = new MqttPackets();
        asked.clear();
        onceUnderWay = false;
        var published = new ByteArrayOutputStream();
        var first = connect;
        if (first == null || asksForConnection) {
            // It comes again with what is not answered.
            return ByteBuffer.allocate(0);
        }
        to.write(first);
        var accepted = await(CONNACK, from, published);
        var code = accepted.number(0) & 0xFF;
        if (code != 0) {
            throw new IOException(
                    "the server does not accept the connection any more: code " + code + "; look into its log");
        }
        for (var packet : remembered) {
            to.write(packet);
            await(Byte.toUnsignedInt(packet[0]) >> 4 == SUBSCRIBE ? SUBACK : UNSUBACK, from, published);
        }
        return ByteBuffer.wrap(published.toByteArray());
    }

    /** Reads byte by byte, so that nothing of what follows is taken. */
    private static Packet await(int type, InputStream from, ByteArrayOutputStream published) throws IOException {
        var packets = new MqttPackets();
        while (true) {
            var next = from.read();
            if (next < 0) {
                throw new EOFException("the server has ended the connection while it was connected to again");
            }
            var packet = packets.next(ByteBuffer.wrap(new byte[] {(byte) next}));
            if (packet == null) {
                continue;
            }
            if (packet.type() == type) {
                return packet;
            }
            published.writeBytes(packet.bytes());
            if (published.size() >= MqttPackets.MOST) {
                throw new IOException("the server publishes more than " + MqttPackets.MOST
                        + " bytes before it acknowledges a subscription");
            }
        }
    }
}
