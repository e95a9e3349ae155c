package org.ham.detector.notify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * How many datagrams may wait in a socket is the kernel's setting at the moment the socket is made, and often a mere 10. Where
 * this process may, it is raised for just that moment. Stateless.
 */
final class QueueLength {
    private static final Logger LOG = System.getLogger(QueueLength.class.getName());
    private static final Path SETTING = Path.of("/proc/sys/net/unix/max_dgram_qlen");
    private static final int ENOUGH = 512;

    private QueueLength() {}

    /** Makes a socket with a queue that bears a takeover. */
    static <T> T raised(Supplier<T> socket) {
        return raised(SETTING, socket);
    }

    static <T> T raised(Path setting, Supplier<T> socket) {
        var before = read(setting);
        if (before < 0 || before >= ENOUGH || !write(setting, ENOUGH)) {
            return socket.get();
        }
        try {
            return socket.get();
        } finally {
            write(setting, before);
        }
    }

    /** The number in a setting; below zero when there is none. In one go: the kernel answers a second read with the end. */
    static int read(Path setting) {
        try (var in = Files.newInputStream(setting)) {
            var bytes = new byte[64];
            var length = Math.max(in.read(bytes), 0);
            var text = new String(bytes, 0, length, US_ASCII).strip();
            return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static boolean write(Path setting, int length) {
        try {
            Files.writeString(setting, length + "\n");
            return true;
        } catch (IOException e) {
            LOG.log(
                    Level.INFO,
                    "Few datagrams can wait in the notify socket: {0} cannot be raised to {1} while it is made",
                    setting,
                    Integer.toString(ENOUGH));
            return false;
        }
    }
}
