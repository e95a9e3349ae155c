package org.ham.recovery;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Streams, readers and writers that come back where they were. Files as streams: {@code ha_fopen} with the modes {@code r}, {@code w} and {@code a}; closing one is {@code ha_fclose}. Stateless. */
public final class RecoveringStreams {
    private RecoveringStreams() {}

    /** Reads a file from its beginning on; after a recovery it goes on where it was. */
    public static InputStream read(Path path, Recovery<FileChannel> recovery) throws IOException {
        return Channels.newInputStream(RecoveringFileChannel.open(path, Set.of(StandardOpenOption.READ), recovery));
    }

    /** Creates a file or empties it, and writes it from its beginning on. */
    public static OutputStream write(Path path, Recovery<FileChannel> recovery) throws IOException {
        return Channels.newOutputStream(RecoveringFileChannel.create(path, recovery));
    }

    /** Writes at the end of a file, which is created if there is none. */
    public static OutputStream append(Path path, Recovery<FileChannel> recovery) throws IOException {
        return Channels.newOutputStream(RecoveringFileChannel.open(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), recovery));
    }

    /** Reads the text of a file, as {@code Files.newBufferedReader} does; after a recovery it goes on where it was. */
    public static BufferedReader reader(Path path, Charset charset, Recovery<FileChannel> recovery) throws IOException {
        return reader(read(path, recovery), charset);
    }

    /** Creates a file or empties it, and writes text, as {@code Files.newBufferedWriter} does. */
    public static BufferedWriter writer(Path path, Charset charset, Recovery<FileChannel> recovery) throws IOException {
        return writer(write(path, recovery), charset);
    }

    /** Writes text at the end of a file, which is created if there is none. */
    public static BufferedWriter appender(Path path, Charset charset, Recovery<FileChannel> recovery)
            throws IOException {
        return writer(append(path, recovery), charset);
    }

    static BufferedReader reader(InputStream in, Charset charset) {
        return new BufferedReader(new InputStreamReader(in, charset.newDecoder()));
    }

    static BufferedWriter writer(OutputStream out, Charset charset) {
        return new BufferedWriter(new OutputStreamWriter(out, charset.newEncoder()));
    }

    /**
     * Any stream that can be opened again at its beginning: after a recovery what was read before is skipped. It must have the same
     * bytes as before.
     */
    public static InputStream read(Target<InputStream> target, Recovery<InputStream> recovery) throws IOException {
        return new RecoveringInputStream(Connection.open(target, recovery));
    }

    /** The text of any stream that can be opened again at its beginning. */
    public static BufferedReader reader(Target<InputStream> target, Charset charset, Recovery<InputStream> recovery)
            throws IOException {
        requireNonNull(charset, "charset");
        return reader(read(target, recovery), charset);
    }

    /** Writes to any stream, message by message. */
    public static RecoveringOutputStream write(Target<OutputStream> target, Recovery<OutputStream> recovery)
            throws IOException {
        return RecoveringOutputStream.open(target, recovery);
    }

    /** Writes text to any stream, message by message. */
    public static RecoveringWriter writer(Target<OutputStream> target, Charset charset, Recovery<OutputStream> recovery)
            throws IOException {
        requireNonNull(charset, "charset");
        return new RecoveringWriter(write(target, recovery), charset);
    }
}
