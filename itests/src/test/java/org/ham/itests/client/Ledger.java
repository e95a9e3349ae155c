package org.ham.itests.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A server to be killed: {@code Ledger SOCKET BOOK PORT}. It listens at a unix socket and at a TCP port, the one that the file {@code
 * PORT} names once it is there. It wants a login, answers {@code square N} and writes the id of {@code add ID} or {@code put ID} into its book
 * before it answers; each answer carries its pid. All but the book and the port is forgotten when it dies.
 */
public final class Ledger {
    private final FileChannel book;

    private Ledger(FileChannel book) {
        this.book = book;
    }

    public static void main(String[] words) throws IOException {
        var socket = Path.of(words[0]);
        // Left by one that was killed; under another name until it listens.
        var fresh = socket.resolveSibling(socket.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var tcp = ServerSocketChannel.open();
                var book = FileChannel.open(Path.of(words[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            bind(tcp, Path.of(words[2]));
            listener.bind(UnixDomainSocketAddress.of(fresh));
            Files.move(fresh, socket, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            var ledger = new Ledger(book);
            Thread.ofPlatform().daemon().start(() -> ledger.accept(tcp));
            ledger.accept(listener);
        }
    }

    /** At a port that is free, and from then on at the same. */
    private static void bind(ServerSocketChannel tcp, Path port) throws IOException {
        var known = Files.exists(port) ? Integer.parseInt(Files.readString(port)) : 0;
        tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), known));
        if (known == 0) {
            Files.writeString(port, Integer.toString(tcp.socket().getLocalPort()));
        }
    }

    private void accept(ServerSocketChannel listener) {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel client) {
        var loggedIn = false;
        try (client;
                var in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                loggedIn |= line.equals("login");
                write(
                        client,
                        (loggedIn ? answer(line) : "who are you?") + " "
                                + ProcessHandle.current().pid());
            }
        } catch (IOException _) {
            // The client is gone.
        }
    }

    private String answer(String line) throws IOException {
        var words = line.split(" ", 2);
        return switch (words[0]) {
            case "login" -> "welcome";
            case "square" -> String.valueOf(Long.parseLong(words[1]) * Long.parseLong(words[1]));
            default -> {
                book.write(bytes(words[1]));
                yield "added " + words[1];
            }
        };
    }

    private static void write(SocketChannel client, String line) throws IOException {
        var bytes = bytes(line);
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static ByteBuffer bytes(String line) {
        return ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
