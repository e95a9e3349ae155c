package org.ham.recovery;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.ham.recovery.Line.Current;

/**
 * Whether the peer has ended a connection, before something goes over it after a silence that must not come twice: what fails then
 * was certainly not carried out. Stateless.
 *
 * <p>A socket of the JDK from which was once read with a time-out asks the kernel more often for each later read, so that no more is
 * looked than has a use.
 */
final class Look {
    /** As short as can be asked for. */
    private static final int TIMEOUT_MS = 1;

    private static final int MOST_AHEAD = 1 << 13;

    private Look() {}

    /** Throws what the connection fails with; nothing when it is there or cannot be looked at. */
    static void at(Passage passage, Current<Socket> now) throws IOException {
        // Not before the first byte: it would begin the handshake of a TLS socket, and give it a millisecond.
        if (!passage.isTalkedThrough()
                || passage.isHalfClosed()
                || !passage.reading().tryLock()) {
            return;
        }
        try {
            passage.timeout().shortened(now.resource(), TIMEOUT_MS, () -> readAhead(passage, now));
        } catch (SocketTimeoutException _) {
            // It is there, and has nothing to say.
        } finally {
            passage.reading().unlock();
        }
    }

    /** What a peer says before it ends a connection over which nothing is asked is of no more use. */
    private static void readAhead(Passage passage, Current<Socket> now) throws IOException {
        var bytes = new byte[MOST_AHEAD];
        while (passage.exchange().ahead() < MOST_AHEAD) {
            var count = passage.sides().in(now).read(bytes);
            if (count < 0) {
                throw new EndOfStream(passage.connection().name());
            }
            passage.exchange().readAhead(now.generation(), bytes, count);
        }
    }
}
