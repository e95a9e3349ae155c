package org.ham.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns bytes, in UTF-8, into text. Thread-safe. */
final class ByteChunks extends OutputStream {
    private final Writer writer;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    // Holds what is no whole letter yet.
    private final ByteBuffer bytes = ByteBuffer.allocate(4096);
    private final CharBuffer letters = CharBuffer.allocate(4096);

    ByteChunks(Writer writer) {
        this.writer = writer;
    }

    @Override
    public synchronized void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        var done = 0;
        while (done < length) {
            var part = Math.min(length - done, bytes.remaining());
            bytes.put(source, offset + done, part);
            done += part;
            decode();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        writer.flush();
    }

    private void decode() throws IOException {
        bytes.flip();
        decoder.decode(bytes, letters, false);
        bytes.compact();
        letters.flip();
        writer.append(letters);
        letters.clear();
    }
}
