package org.ham.recovery;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Which errors of a covered socket mean that its connection is gone, beyond {@link Losses#ofSockets}. Stateless. */
final class SocketLosses {
    private SocketLosses() {}

    /** A name without an address, and what TLS refuses while the connection is there: another connection would bring the same. */
    static boolean isRefusal(IOException failure) {
        return failure instanceof UnknownHostException || failure instanceof SSLException && !isCut(failure);
    }

    private static boolean isCut(Throwable failure) {
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException || cause instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    static SocketException asSocketException(IOException failure) {
        var wrapped = new SocketException(failure.getMessage());
        wrapped.initCause(failure);
        return wrapped;
    }
}
