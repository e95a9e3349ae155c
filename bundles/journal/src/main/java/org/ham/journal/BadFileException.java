package org.ham.journal;

/** A file's content is not what it has to be; the message completes "FILE cannot be read: …". */
final class BadFileException extends Exception {
    private static final long serialVersionUID = 1L;

    BadFileException(String message) {
        super(message);
    }
}
