package org.ham.wire;

/** A line that is no message of the protocol. */
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param code the error code of JSON-RPC, such as {@link Fault#PARSE}
     * @param message what is wrong
     */
    public BadMessageException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** The error code of JSON-RPC. */
    public int code() {
        return code;
    }
}
