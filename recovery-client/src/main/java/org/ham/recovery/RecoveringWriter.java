package org.ham.recovery;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Text over a {@link RecoveringOutputStream}, buffered as by a {@link BufferedWriter}; apart from that as it. Thread-safe: a second
 * writer waits.
 *
 * <p>A message ends with {@link #settle()}. When it fails, what of it is still in the buffer is dropped with it, so that the next one begins at its
 * beginning.
 */
public final class RecoveringWriter extends Writer {
    private final RecoveringOutputStream out;
    private final Charset charset;
    private final ReentrantLock writing = new ReentrantLock();
    private BufferedWriter buffer;

    RecoveringWriter(RecoveringOutputStream out, Charset charset) {
        this.out = out;
        this.charset = charset;
        this.buffer = RecoveringStreams.writer(out, charset);
    }

    /** The connection behind it: limits, counters, suspend, attach and detach. */
    public Connection<OutputStream> connection() {
        return out.connection();
    }

    private interface Step {
        void take(BufferedWriter buffer) throws IOException;
    }

    private void take(Step step) throws IOException {
        writing.lock();
        try {
            step.take(buffer);
        } catch (CharacterCodingException e) {
            // Of the text: the stream is as it was.
            throw e;
        } catch (IOException e) {
            if (out.connection().isOpen()) {
                buffer = RecoveringStreams.writer(out, charset);
            }
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Flushes, and says that a message is complete.
     *
     * @see RecoveringOutputStream#settle()
     */
    public void settle() throws IOException {
        take(text -> {
            text.flush();
            out.settle();
        });
    }

    @Override
    public void write(int letter) throws IOException {
        take(text -> text.write(letter));
    }

    @Override
    public void write(char[] from, int offset, int count) throws IOException {
        take(text -> text.write(from, offset, count));
    }

    @Override
    public void write(String from, int offset, int count) throws IOException {
        take(text -> text.write(from, offset, count));
    }

    @Override
    public void flush() throws IOException {
        take(Writer::flush);
    }

    @Override
    public void close() throws IOException {
        take(Writer::close);
    }
}
