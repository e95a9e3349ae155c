package org.ham.recovery;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** How the program and its peer talk, as far as a covered socket must know it. Thread-safe; {@link Protocols} has ready-made ones. */
@ConsumerType
@FunctionalInterface
public interface SocketProtocol {
    /** Follows a talk that begins on a new socket. */
    Conversation begin();

    /**
     * Nothing is known of it: a connection over which a byte has gone in either direction is not brought back, for nobody here can
     * say what the peer has done and where a message ends. Only connecting is recovered, and what is lost before its first byte.
     */
    static SocketProtocol unknown() {
        return () -> new Conversation() {
            private State state = State.SETTLED;

            @Override
            public void sent(ByteBuffer bytes) {
                state = State.OVER;
            }

            @Override
            public void received(ByteBuffer bytes) {
                state = State.OVER;
            }

            @Override
            public State state() {
                return state;
            }

            @Override
            public ByteBuffer resume(InputStream from, OutputStream to) {
                return ByteBuffer.allocate(0);
            }
        };
    }
}
