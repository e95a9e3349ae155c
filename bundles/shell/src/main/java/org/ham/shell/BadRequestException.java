package org.ham.shell;

/** What a client sent is no request; the connection ends with this message. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
