package org.ham.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.ham.recovery.Line.Current;
import org.jspecify.annotations.Nullable;

/** The streams of what a covered socket goes through, asked for once in each generation as a program does. Thread-safe. */
final class SocketSides {
    private record Side<T>(long generation, T stream) {}

    private final Connection<Socket> connection;
    private volatile @Nullable Side<InputStream> in;
    private volatile @Nullable Side<OutputStream> out;

    SocketSides(Connection<Socket> connection) {
        this.connection = connection;
    }

    /** Refuses as the socket does when it is closed, not connected or half closed. */
    void requireInput() throws IOException {
        connection.line().ask(this::openIn);
    }

    void requireOutput() throws IOException {
        connection.line().ask(this::openOut);
    }

    private Side<InputStream> openIn(Current<Socket> now) throws IOException {
        var opened = new Side<>(now.generation(), now.resource().getInputStream());
        in = opened;
        return opened;
    }

    private Side<OutputStream> openOut(Current<Socket> now) throws IOException {
        var opened = new Side<>(now.generation(), now.resource().getOutputStream());
        out = opened;
        return opened;
    }

    InputStream in(Current<Socket> now) throws IOException {
        var known = in;
        return (known == null || known.generation() != now.generation() ? openIn(now) : known).stream();
    }

    OutputStream out(Current<Socket> now) throws IOException {
        var known = out;
        return (known == null || known.generation() != now.generation() ? openOut(now) : known).stream();
    }
}
