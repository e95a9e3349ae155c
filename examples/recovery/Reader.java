import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.ham.recovery.Backoff;
import org.ham.recovery.Connection;
import org.ham.recovery.Losses;
import org.ham.recovery.Recovery;
import org.ham.recovery.Target;

/**
 * Copies a file from a server to the standard output, bit by bit, and pauses now and then for a line of input. The server may be
 * killed and restarted as often as one likes: the loop sees no error. {@code Reader SOCKET FILE}
 */
final class Reader {
    private static final int PART = 64;
    private static final int PARTS = 16;

    private Reader() {}

    /** A file at the server, and our side of the protocol. */
    private record RemoteFile(SocketChannel channel, DataInputStream in, DataOutputStream out) implements Closeable {
        static RemoteFile open(Path socket, String name) throws IOException {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            var in = new DataInputStream(Channels.newInputStream(channel));
            var file = new RemoteFile(channel, in, new DataOutputStream(Channels.newOutputStream(channel)));
            file.out.writeUTF(name);
            return file;
        }

        void seek(long offset) throws IOException {
            out.writeUTF("seek");
            out.writeLong(offset);
        }

        /** The next bytes; none at the end. */
        byte[] read(int most) throws IOException {
            out.writeUTF("read");
            out.writeInt(most);
            var bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return bytes;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    public static void main(String[] words) throws IOException {
        var socket = Path.of(words[0]);
        var target = Target.of("files", () -> RemoteFile.open(socket, words[1]), Losses.ofSockets());
        var offset = new long[1];
        // The server has forgotten where we were; we have not. Tried again until it is there, at once at first and then less and
        // less often, a minute at the most; what brings the server back is of no account here.
        Recovery<RemoteFile> recovery = Recovery.retrying(Backoff.usual(), (connection, failure) -> {
            connection.reopen();
            connection.resource().seek(offset[0]);
        });
        try (var connection = Connection.open(target, recovery)) {
            for (var part = 1; ; part++) {
                var bytes = connection.<byte[]>call(file -> file.read(PART));
                if (bytes.length == 0) {
                    break;
                }
                offset[0] += bytes.length;
                System.out.write(bytes);
                System.out.flush();
                if (part % PARTS == 0) {
                    System.err.println("at " + offset[0]);
                    System.in.read();
                }
            }
            System.err.println("recoveries " + connection.counters().succeeded());
        }
    }
}
