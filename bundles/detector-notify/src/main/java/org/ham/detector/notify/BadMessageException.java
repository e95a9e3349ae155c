package org.ham.detector.notify;

/** A datagram that is refused whole; the message says why. */
final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    BadMessageException(String why) {
        super(why);
    }
}
