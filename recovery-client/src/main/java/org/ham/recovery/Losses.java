package org.ham.recovery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileSystemException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which errors mean that a connection is gone. The original takes {@code EBADF} and {@code ESRCH}; the JDK has no error numbers, so
 * it goes by types, and where those say too little by the kernel's text. Stateless.
 */
public final class Losses {
    /** As the C library words it without a translation. */
    private static final Set<String> GONE = Set.of(
            "Bad file descriptor",
            "No such process",
            "Transport endpoint is not connected",
            "Software caused connection abort",
            "Connection reset by peer",
            "Broken pipe",
            "Stale file handle",
            "No such device or address",
            "No such device",
            "Host is down",
            "No route to host",
            "Connection timed out");

    private Losses() {}

    /**
     * For sockets: every error but a time-out of the caller's own, an interruption, and what this library reports. The end of the
     * stream is no error; who takes it for one throws {@link java.io.EOFException} in the operation.
     */
    public static Predicate<IOException> ofSockets() {
        return failure -> !isOwn(failure) && !(failure instanceof FileSystemException);
    }

    /**
     * For files: a channel closed by somebody else, and the kernel's errors for a server that is gone (FUSE, NFS, devices). A full
     * disk, a missing file or a missing right is none. In a process whose C library translates its messages only the first is
     * recognised; such a program brings its own predicate.
     */
    public static Predicate<IOException> ofFiles() {
        return failure -> !isOwn(failure)
                && (failure instanceof ClosedChannelException
                        || GONE.contains(String.valueOf(
                                failure instanceof FileSystemException named
                                        ? named.getReason()
                                        : failure.getMessage())));
    }

    private static boolean isOwn(IOException failure) {
        return failure instanceof RecoveryException
                || failure instanceof InterruptedIOException
                || failure instanceof ClosedByInterruptException
                || failure instanceof FileLockInterruptionException;
    }
}
