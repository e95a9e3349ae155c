package org.ham.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/** Lines over a channel, byte by byte so that none is lost. Stateless. */
final class Lines {
    private Lines() {}

    static void write(ByteChannel channel, String line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Empty at the end of the stream. */
    static Optional<String> next(ByteChannel channel) throws IOException {
        var line = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) > 0) {
            if (one.get(0) == '\n') {
                return Optional.of(line.toString());
            }
            line.append((char) one.get(0));
        }
        return Optional.empty();
    }

    /** A request and its answer, one after the other where several threads ask; a connection that ends in between is lost. */
    static String ask(ByteChannel channel, String line) throws IOException {
        synchronized (channel) {
            write(channel, line);
            return next(channel).orElseThrow(EOFException::new);
        }
    }
}
