package org.ham.recovery;

import java.io.IOException;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What has gone over a stream since its last boundary, and in which generation of the connection it began. Thread-safe.
 *
 * <p>Whatever another thread's recovery does meanwhile, a message that was begun in one generation is never continued in another.
 */
final class Dialogue {
    private final String name;
    private final StreamReplay replay;

    private long written;
    private long writtenIn;
    private long read;
    private long readIn;

    Dialogue(String name, StreamReplay replay) {
        this.name = name;
        this.replay = replay;
    }

    synchronized void settle() {
        written = 0;
        read = 0;
    }

    synchronized void wrote(long generation, long count) {
        if (count == 0) {
            return;
        }
        writtenIn = written == 0 ? generation : writtenIn;
        written += count;
    }

    /** What the recovery function rebuilds the position for may come from any generation. */
    synchronized void read(long generation, long count) {
        if (replay == StreamReplay.STOP) {
            readIn = read == 0 ? generation : readIn;
            read += Math.max(count, 0);
        }
    }

    /** Before something goes on in a generation: what was begun in another is given up, and that is said once. */
    synchronized void continueIn(long generation, @Nullable IOException failure) throws RecoveryException {
        var torn = written > 0 && writtenIn != generation;
        var cut = read > 0 && readIn != generation;
        var bytes = torn ? written : read;
        if (!torn && !cut) {
            return;
        }
        settle();
        throw torn ? halfWritten(bytes, failure) : stopped(failure);
    }

    private RecoveryException halfWritten(long bytes, @Nullable IOException failure) {
        return exception(
                Code.HALF_WRITTEN,
                bytes + " bytes written to the lost connection were not settled; begin again if they may come twice",
                failure);
    }

    /** A read does not go on elsewhere unless that was asked for. */
    RecoveryException stopped(@Nullable IOException failure) {
        return exception(
                Code.NOT_REPEATED,
                "what was still to be read from the lost connection is gone; the next read is from the new one",
                failure);
    }

    private RecoveryException exception(Code code, String what, @Nullable IOException failure) {
        var message = name + ": recovered, but " + what;
        return failure == null
                ? new RecoveryException(code, Outcome.MAYBE_DONE, message)
                : new RecoveryException(code, Outcome.MAYBE_DONE, message, failure);
    }
}
