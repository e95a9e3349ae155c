package org.ham.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that sends what it is told, byte by byte. */
final class Raw implements AutoCloseable {
    final SocketChannel channel;
    private final BufferedReader reader;

    Raw(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
    }

    Raw send(String text) throws IOException {
        return send((text + "\n").getBytes(UTF_8));
    }

    Raw send(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    Raw call(int id, String method, String params) throws IOException {
        return send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    /** The next line; null at the end. */
    String line() throws IOException {
        return reader.readLine();
    }

    JsonObject next() throws IOException {
        return JsonParser.parseString(reader.readLine()).getAsJsonObject();
    }

    /** Reads until the other end has closed. */
    boolean ended() {
        try {
            while (reader.readLine() != null) {
                continue;
            }
            return true;
        } catch (IOException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
