import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves the files of a folder over a unix socket. Each client has its file and its offset here, which die with the server. */
final class FileServer {
    private static final int MOST = 1 << 16;

    private FileServer() {}

    public static void main(String[] words) throws IOException {
        var socket = Path.of(words[0]);
        var folder = Path.of(words[1]);
        // Left over by one that was killed.
        Files.deleteIfExists(socket);
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client, folder));
            }
        }
    }

    private static void serve(SocketChannel client, Path folder) {
        try (client;
                var in = new DataInputStream(Channels.newInputStream(client));
                var out = new DataOutputStream(Channels.newOutputStream(client));
                var file = FileChannel.open(folder.resolve(Path.of(in.readUTF()).getFileName()))) {
            while (true) {
                switch (in.readUTF()) {
                    case "seek" -> file.position(in.readLong());
                    case "read" -> {
                        var bytes = ByteBuffer.allocate(Math.clamp(in.readInt(), 0, MOST));
                        var count = Math.max(file.read(bytes), 0);
                        out.writeInt(count);
                        out.write(bytes.array(), 0, count);
                    }
                    default -> {
                        return;
                    }
                }
            }
        } catch (IOException _) {
            // The client is gone, or asked for a file that is not there.
        }
    }
}
