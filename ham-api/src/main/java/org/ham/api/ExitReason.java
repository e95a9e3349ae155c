package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * How a process ended. Never guessed: what the kernel does not tell is {@link Kind#UNKNOWN}. Immutable.
 *
 * @param kind which of the other fields count
 * @param code the exit code, 0 to 255; counts for {@link Kind#EXITED}
 * @param signal the signal's name such as {@code SIGSEGV}, empty otherwise; counts for {@link Kind#SIGNALLED}
 * @param core whether the kernel dumped core; counts for {@link Kind#SIGNALLED}
 */
public record ExitReason(Kind kind, int code, String signal, boolean core) {
    /** Which way a process ended. */
    public enum Kind {
        /** It left by itself. */
        EXITED,
        /** A signal ended it. */
        SIGNALLED,
        /** The kernel did not tell. */
        UNKNOWN
    }

    /** The reason nobody could tell. */
    public static final ExitReason UNKNOWN = new ExitReason(Kind.UNKNOWN, 0, "", false);

    /** Refuses missing parts. */
    public ExitReason {
        requireNonNull(kind, "kind");
        requireNonNull(signal, "signal");
    }

    /** The process left with this code. */
    public static ExitReason exited(int code) {
        return new ExitReason(Kind.EXITED, code, "", false);
    }

    /** A signal ended the process. */
    public static ExitReason signalled(String signal, boolean core) {
        return new ExitReason(Kind.SIGNALLED, 0, signal, core);
    }

    /** Whether this counts as an abnormal death: it dumped core, or a signal did it whose default is to dump core. */
    public boolean isAbnormal() {
        return kind == Kind.SIGNALLED
                && (core
                        || switch (signal) {
                            case "SIGABRT",
                                    "SIGBUS",
                                    "SIGFPE",
                                    "SIGILL",
                                    "SIGQUIT",
                                    "SIGSEGV",
                                    "SIGSYS",
                                    "SIGTRAP",
                                    "SIGXCPU",
                                    "SIGXFSZ" -> true;
                            default -> false;
                        });
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EXITED -> "exited with code " + code;
            case SIGNALLED -> "killed by " + signal + (core ? ", core dumped" : "");
            case UNKNOWN -> "ended, the kernel did not tell how";
        };
    }
}
