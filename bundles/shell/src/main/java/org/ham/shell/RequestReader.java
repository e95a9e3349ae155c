package org.ham.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Cuts what a client sends into lines. Confined to the connection's thread. */
final class RequestReader {
    private final InputStream in;
    private final int most;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    RequestReader(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    /** Waits for the first byte of a line; false when none comes any more. */
    boolean begun() throws IOException {
        return from < to || fill();
    }

    /** The next line; empty when the client ended in the middle of it. */
    Optional<String> line() throws IOException {
        var line = new ByteArrayOutputStream(256);
        while (begun()) {
            for (var i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, from, i - from);
                    from = i + 1;
                    return Optional.of(line.toString(StandardCharsets.UTF_8));
                }
            }
            line.write(buffer, from, to - from);
            from = to;
            if (line.size() > most) {
                throw new BadRequestException("a request may have " + most + " bytes, this one has more");
            }
        }
        return Optional.empty();
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }
}
