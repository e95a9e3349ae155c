package org.ham.shell;

import java.io.IOException;
import java.io.Writer;

/** Passes text on in chunks. Thread-safe through the writer's lock. */
final class ChunkWriter extends Writer {
    private static final int CHUNK = 8192;

    private final Reply reply;
    private final String kind;
    private final StringBuilder held = new StringBuilder();

    ChunkWriter(Reply reply, String kind) {
        this.reply = reply;
        this.kind = kind;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        synchronized (lock) {
            var done = 0;
            while (done < length) {
                var part = Math.min(length - done, CHUNK - held.length());
                held.append(text, offset + done, part);
                done += part;
                if (held.length() == CHUNK) {
                    // A pair of surrogates is one letter: never in two chunks.
                    pass(Character.isHighSurrogate(held.charAt(CHUNK - 1)) ? CHUNK - 1 : CHUNK);
                }
            }
        }
    }

    @Override
    public void flush() throws IOException {
        synchronized (lock) {
            if (!held.isEmpty()) {
                pass(held.length());
            }
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    private void pass(int length) throws IOException {
        var text = held.substring(0, length);
        held.delete(0, length);
        reply.text(kind, text);
    }
}
