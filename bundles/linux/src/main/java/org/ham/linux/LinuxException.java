package org.ham.linux;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

/** The operating system refused something. The message is a sentence that names what was tried. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** A sentence for people and the error number. */
    public LinuxException(String message, int errno) {
        super(requireNonNull(message, "message"));
        this.errno = errno;
    }

    /** The sentence, never missing. */
    @Override
    public String getMessage() {
        return requireNonNullElse(super.getMessage(), "");
    }

    /** The error number, as in {@code errno(3)}. */
    public int errno() {
        return errno;
    }

    /** The error number's name, such as {@code ENOENT}. */
    public String errnoName() {
        return Errno.name(errno);
    }
}
