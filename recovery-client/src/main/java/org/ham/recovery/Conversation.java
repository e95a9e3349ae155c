package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a covered socket knows of the talk that goes over it. It follows the bytes in both directions and says at any time what a
 * loss would mean, and it rebuilds on a new connection what the peer has forgotten. One for each socket; called by one thread at
 * a time, and never while it waits for anything but {@link #resume}.
 */
@ConsumerType
public interface Conversation {
    /** What a loss at this moment means. */
    enum State {
        /** Nothing is half written and nothing unanswered: nobody notices, the next message goes over the new connection. */
        SETTLED,
        /** What was written since it was last settled may be carried out twice, and nothing of its answers was read. */
        REPEATABLE,
        /** A message is half written and must not be repeated: the operation fails with {@code HALF_WRITTEN}. */
        WRITING,
        /** A message may have been carried out and must not be repeated: the operation fails with {@code NOT_REPEATED}. */
        ASKED,
        /** The connection is not brought back: errors and the end of the stream are the program's, as without a cover. */
        OVER
    }

    /**
     * These bytes are about to be written. When it is settled right afterwards, a message without an answer was complete, and it may be
     * lost without a word.
     */
    void sent(ByteBuffer bytes);

    /** The program is about to get these bytes. */
    void received(ByteBuffer bytes);

    /** What a loss means now. Asked for after each of the other calls, none of which changes it later. */
    State state();

    /**
     * Rebuilds on a new connection what the program takes for granted there, such as a login. What was written since it was last
     * settled is forgotten: if it may be repeated, it comes again by {@link #sent}. Reads have the policy's limit. May be called again
     * when it has failed.
     *
     * @return what was read and is the program's; empty as a rule
     * @throws IOException the peer does not have it: this attempt to recover has failed
     */
    ByteBuffer resume(InputStream from, OutputStream to) throws IOException;
}
