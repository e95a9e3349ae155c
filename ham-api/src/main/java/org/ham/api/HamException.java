package org.ham.api;

import static java.util.Objects.requireNonNull;

/**
 * A request that HAM refused or could not carry out. The message says what was asked, of which entity, and what to do
 * about it; the code is for programs and maps to the error number of the original.
 */
public final class HamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a request failed, named after the original's error numbers. */
    public enum Code {
        /** The name is taken, or is kept with a different definition ({@code EEXIST}). */
        EXISTS("EEXIST"),
        /** A name, type, flag, parameter or command is not valid ({@code EINVAL}). */
        INVALID("EINVAL"),
        /** A name or path is longer than {@link HamPath#LONGEST} ({@code ENAMETOOLONG}). */
        NAME_TOO_LONG("ENAMETOOLONG"),
        /** No such entity, condition, action, process or file ({@code ENOENT}). */
        NOT_FOUND("ENOENT"),
        /** No HAM can be reached ({@code EBADF}). */
        NOT_CONNECTED("EBADF"),
        /** The caller may not do this ({@code EACCES}). */
        DENIED("EACCES"),
        /** A limit was reached; try again later or raise the limit ({@code EAGAIN}). */
        LIMIT("EAGAIN"),
        /** The operating system refused or failed ({@code EIO}). */
        FAILED("EIO"),
        /** The request did not finish within its deadline; it may still be carried out ({@code ETIMEDOUT}). */
        TIMED_OUT("ETIMEDOUT");

        private final String errno;

        Code(String errno) {
            this.errno = errno;
        }

        /** The name of the error number the original would have set, such as {@code EEXIST}. */
        public String errno() {
            return errno;
        }
    }

    private final Code code;

    /** An exception with a code and a sentence for people. */
    public HamException(Code code, String message) {
        super(requireNonNull(message, "message"));
        this.code = requireNonNull(code, "code");
    }

    /** An exception with a code, a sentence for people, and what lies behind it. */
    public HamException(Code code, String message, Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.code = requireNonNull(code, "code");
    }

    /** Why the request failed. */
    public Code code() {
        return code;
    }
}
