package org.ham.recovery;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.ham.recovery.RecoveryException.Code;
import org.ham.recovery.RecoveryException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What has gone over a stream since its last boundary, and in which generation of the connection it began. Thread-safe.
 *
 * <p>Whatever another thread's recovery does meanwhile, a message that was begun in one generation is never continued in another.
 * No lock is taken while nothing fails.
 */
final class Dialogue {
    private static final long NOTHING = 0;

    private final String name;
    private final StreamReplay replay;

    private final AtomicLong written = new AtomicLong();

    /** The generation in which what was written or read began; {@link #NOTHING} when nothing was. */
    private final AtomicLong writtenIn = new AtomicLong(NOTHING);

    private final AtomicLong readIn = new AtomicLong(NOTHING);

    Dialogue(String name, StreamReplay replay) {
        this.name = name;
        this.replay = replay;
    }

    void settle() {
        written.set(0);
        writtenIn.set(NOTHING);
        readIn.set(NOTHING);
    }

    void wrote(long generation, long count) {
        if (count != 0) {
            begin(writtenIn, generation);
            written.addAndGet(count);
        }
    }

    /** What the recovery function rebuilds the position for may come from any generation. */
    void read(long generation, long count) {
        if (replay == StreamReplay.STOP && count > 0) {
            begin(readIn, generation);
        }
    }

    private static void begin(AtomicLong in, long generation) {
        if (in.get() == NOTHING) {
            in.compareAndSet(NOTHING, generation);
        }
    }

    /** Before something goes on in a generation: what was begun in another is given up, and that is said once. */
    void continueIn(long generation, @Nullable IOException failure) throws RecoveryException {
        if (isOf(writtenIn, generation) && isOf(readIn, generation)) {
            return;
        }
        synchronized (this) {
            var torn = !isOf(writtenIn, generation);
            if (!torn && isOf(readIn, generation)) {
                return;
            }
            var bytes = written.get();
            settle();
            throw torn ? halfWritten(bytes, failure) : stopped(failure);
        }
    }

    private static boolean isOf(AtomicLong in, long generation) {
        var began = in.get();
        return began == NOTHING || began == generation;
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
