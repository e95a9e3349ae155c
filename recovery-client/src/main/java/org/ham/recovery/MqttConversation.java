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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ham.recovery.MqttPackets.Packet;
import org.jspecify.annotations.Nullable;

/** A client's talk with an MQTT server, versions 3.1 and 3.1.1. Called by one thread at a time. */
final class MqttConversation implements Conversation {
    private static final int CONNECT = 1;
    private static final int CONNACK = 2;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBREL = 6;
    private static final int PUBCOMP = 7;
    private static final int SUBSCRIBE = 8;
    private static final int SUBACK = 9;
    private static final int UNSUBSCRIBE = 10;
    private static final int UNSUBACK = 11;
    private static final int PINGREQ = 12;
    private static final int PINGRESP = 13;
    private static final int DISCONNECT = 14;

    private static final int MOST_REMEMBERED = 256;

    /** What was acknowledged, and to how much of it the server said no. */
    private record Accepted(byte[] packet, long refused) {}

    private MqttPackets out = new MqttPackets();
    private MqttPackets in = new MqttPackets();

    /** What is not answered yet, by what answers it: the type of the answer and the number of the message. */
    private final Map<Integer, Packet> asked = new HashMap<>();

    /** What the program has still to say about what it was told, in the same way. */
    private final Set<Integer> owed = new HashSet<>();

    private final List<Accepted> remembered = new ArrayList<>();
    private byte @Nullable [] connect;

    /** Among what was written since all was settled there is something that must not come again, or was answered. */
    private boolean once;

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
        settle();
    }

    private void ask(Packet packet) {
        switch (packet.type()) {
            case CONNECT -> connect(packet);
            case PUBLISH -> publish(packet);
            case SUBSCRIBE -> await(SUBACK, packet.number(0), packet);
            case UNSUBSCRIBE -> await(UNSUBACK, packet.number(0), packet);
            case PINGREQ -> asked.put(answer(PINGRESP, 0), packet);
            case DISCONNECT -> over = true;
            default -> acknowledge(packet);
        }
    }

    /** The program begins anew, whatever there was before. */
    private void connect(Packet packet) {
        connect = null;
        remembered.clear();
        over |= packet.isCut() || !packet.isOfVersion3();
        asked.put(answer(CONNACK, 0), packet);
    }

    private void publish(Packet packet) {
        once |= packet.quality() != 1;
        switch (packet.quality()) {
            case 0 -> {
                // Nothing answers it, so that it would come a second time with what it is kept with.
            }
            case 1 -> await(PUBACK, packet.idOfPublished(), packet);
            default -> await(PUBCOMP, packet.idOfPublished(), packet);
        }
    }

    private void acknowledge(Packet packet) {
        // On another connection its number may be another message's.
        once = true;
        owed.remove(answer(packet.type(), packet.number(0)));
        if (packet.type() == PUBREL) {
            await(PUBCOMP, packet.number(0), packet);
        }
    }

    private void await(int type, int id, Packet packet) {
        over |= id == 0;
        asked.put(answer(type, id), packet);
    }

    @Override
    public void received(ByteBuffer bytes) {
        for (var packet = in.next(bytes); packet != null; packet = in.next(bytes)) {
            if (packet.type() == PUBLISH) {
                told(packet);
            } else {
                answered(packet);
            }
        }
        over |= in.isMalformed();
        settle();
    }

    private void told(Packet packet) {
        if (packet.quality() > 0) {
            over |= packet.idOfPublished() == 0;
            owed.add(answer(packet.quality() == 1 ? PUBACK : PUBCOMP, packet.idOfPublished()));
        }
    }

    private void answered(Packet packet) {
        var type = packet.type();
        var id = type == CONNACK || type == PINGRESP ? 0 : packet.number(0);
        var answered = asked.remove(answer(type, id));
        if (answered == null) {
            return;
        }
        once = true;
        if (type == CONNACK) {
            // It ends the connection when it says no.
            over |= packet.returnCode() != 0;
            connect = answered.bytes();
        } else if (type == SUBACK || type == UNSUBACK) {
            remember(answered, packet.refused());
        }
    }

    /** The last of what asks for the same counts; the number of the message is no part of that. */
    private void remember(Packet packet, long refused) {
        remembered.removeIf(known -> Arrays.equals(withoutId(known.packet()), withoutId(packet.bytes())));
        remembered.add(new Accepted(packet.bytes(), refused));
        over |= remembered.size() > MOST_REMEMBERED || packet.isCut();
    }

    private static byte[] withoutId(byte[] bytes) {
        var packet = new MqttPackets().next(ByteBuffer.wrap(bytes));
        var copy = bytes.clone();
        if (packet != null) {
            Arrays.fill(copy, packet.body(), packet.body() + 2, (byte) 0);
        }
        return copy;
    }

    private void settle() {
        once &= !(asked.isEmpty() && owed.isEmpty() && out.isEmpty() && in.isEmpty());
    }

    @Override
    public State state() {
        if (over) {
            return State.OVER;
        }
        if (!out.isEmpty()) {
            return State.WRITING;
        }
        if (once || !owed.isEmpty() || !in.isEmpty()) {
            return State.ASKED;
        }
        return asked.isEmpty() ? State.SETTLED : State.REPEATABLE;
    }

    /** What the server publishes meanwhile is the program's. */
    @Override
    public ByteBuffer resume(InputStream from, OutputStream to) throws IOException {
        out = new MqttPackets();
        in = new MqttPackets();
        asked.clear();
        owed.clear();
        once = false;
        var published = new ByteArrayOutputStream();
        var first = connect;
        if (first == null) {
            // It comes again with what is not answered, or is the program's to say.
            return ByteBuffer.allocate(0);
        }
        to.write(first);
        var code = next(CONNACK, from, published).returnCode();
        if (code != 0) {
            throw new IOException(
                    "the server does not accept the connection any more: code " + code + "; look into its log");
        }
        for (var accepted : remembered) {
            to.write(accepted.packet());
            var type = Byte.toUnsignedInt(accepted.packet()[0]) >> 4 == SUBSCRIBE ? SUBACK : UNSUBACK;
            if (next(type, from, published).refused() > accepted.refused()) {
                throw new IOException(
                        "the server refuses now a subscription that it accepted before; look into its log");
            }
        }
        return ByteBuffer.wrap(published.toByteArray());
    }

    /** Reads byte by byte, so that nothing of what follows is taken. */
    private static Packet next(int type, InputStream from, ByteArrayOutputStream published) throws IOException {
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
