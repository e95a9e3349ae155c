package org.ham.command;

import java.io.IOException;

/** The connection ended before the HAM had read the whole request, so that nothing came of it and it may be sent again. */
final class NotTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    NotTakenException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
