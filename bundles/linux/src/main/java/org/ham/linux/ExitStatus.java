package org.ham.linux;

import static java.util.Objects.requireNonNull;

/**
 * How a process ended; never guessed. Immutable.
 *
 * @param kind which way it ended
 * @param value the exit code or the signal's number; 0 when unknown
 * @param core whether the kernel dumped core
 */
public record ExitStatus(Kind kind, int value, boolean core) {
    /** Which way a process ended. */
    public enum Kind {
        /** It left by itself; the value is its exit code. */
        EXITED,
        /** A signal ended it; the value is the signal's number. */
        SIGNALLED,
        /** The kernel did not tell. */
        UNKNOWN
    }

    /** The end nobody could tell about. */
    public static final ExitStatus UNKNOWN = new ExitStatus(Kind.UNKNOWN, 0, false);

    /** Refuses a missing kind. */
    public ExitStatus {
        requireNonNull(kind, "kind");
    }

    /** It left with this code. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(Kind.EXITED, code, false);
    }

    /** A signal ended it. */
    public static ExitStatus signalled(int signal, boolean core) {
        return new ExitStatus(Kind.SIGNALLED, signal, core);
    }

    /** Reads a wait status as the kernel encodes it for {@code wait(2)}. */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? exited((status >> 8) & 0xff) : signalled(signal, (status & 0x80) != 0);
    }
}
