package org.ham.recovery;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How both sides of a stream agree on a new connection where it goes on. Thread-safe.
 *
 * @param <C> what the stream goes over
 */
@ConsumerType
@FunctionalInterface
public interface Handshake<C extends ByteChannel> {
    /**
     * Says to the peer how many bytes of its stream have come in, and asks how many of this side's it has. The peer then
     * writes its stream from there on.
     *
     * @return how many bytes of this side's stream the peer has
     * @throws IOException it cannot be agreed on: this attempt to recover has failed
     */
    long resume(C channel, long received) throws IOException;
}
