package org.ham.recovery;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Finds where messages end in one direction of a connection, of which it sees every byte once. Confined to that. */
@ConsumerType
@FunctionalInterface
public interface Boundary {
    /** What follows after the messages so far. */
    enum Standing {
        /** The next message, over this connection or another. */
        FREE,
        /** More that belongs to them, such as the rest of a transaction: a loss must be told. */
        HELD,
        /** Something else: from here on the connection is not brought back. */
        OVER
    }

    /**
     * Takes bytes up to the end of the message that is under way, and not beyond it.
     *
     * @return true when the end was reached; false when all bytes were taken and the message goes on
     */
    boolean ends(ByteBuffer bytes);

    /** What follows after the messages so far. */
    default Standing standing() {
        return Standing.FREE;
    }

    /**
     * Whether the message that is under way, or else the last one, is what the peer says by itself, so that it answers nothing. While
     * that is not to be seen yet it is not.
     */
    default boolean isAside() {
        return false;
    }

    /** Each message ends with a line feed. */
    static Boundary lines() {
        return bytes -> {
            while (bytes.hasRemaining()) {
                if (bytes.get() == '\n') {
                    return true;
                }
            }
            return false;
        };
    }
}
