package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Files as streams: {@code ha_fopen} with the modes {@code r}, {@code w} and {@code a}; closing one is {@code ha_fclose}. Stateless. */
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
}
