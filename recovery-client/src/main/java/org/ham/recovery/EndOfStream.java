package org.ham.recovery;

import java.io.EOFException;

/** The peer has ended the stream, where its end is a loss. */
final class EndOfStream extends EOFException {
    private static final long serialVersionUID = 1L;

    EndOfStream(String name) {
        super(name + ": the peer has ended the stream");
    }
}
