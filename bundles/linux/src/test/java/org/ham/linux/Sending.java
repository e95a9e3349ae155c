package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Sends datagrams, also as a program: {@code send PATH TEXT} or {@code connect PATH}, and ends. */
final class Sending {
    private static final int SCM_RIGHTS = 1;

    private Sending() {}

    public static void main(String[] arguments) {
        Path path = Path.of(arguments[1]);
        if (arguments[0].equals("send")) {
            if (send(path, arguments[2].getBytes(StandardCharsets.UTF_8)) < 0) {
                throw new IllegalStateException("not sent");
            }
        } else {
            try (Linux linux = Linux.open();
                    UnixConnection connection = linux.sockets().connect(path)) {
                System.out.println(connection.peer().pid());
            }
        }
    }

    /** Sends bytes and descriptors; how many bytes, or the error number below zero. */
    static long send(Path path, byte[] bytes, int... descriptors) {
        long socket = Syscall.call(
                Syscall.SOCKET,
                NativeSockets.AF_UNIX,
                NativeSockets.DATAGRAM | Syscall.O_CLOEXEC | Syscall.O_NONBLOCK,
                0);
        try {
            long connected =
                    SocketAddresses.with(path, (address, size) -> Syscall.call(Syscall.CONNECT, socket, address, size));
            return connected < 0 ? connected : sendTo((int) socket, bytes, descriptors);
        } finally {
            Syscall.close((int) socket);
        }
    }

    private static long sendTo(int socket, byte[] bytes, int... descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(bytes.length, 1));
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment vector = arena.allocate(16, 8);
            vector.set(ValueLayout.JAVA_LONG, 0, data.address());
            vector.set(ValueLayout.JAVA_LONG, 8, bytes.length);
            MemorySegment message = arena.allocate(56, 8);
            message.set(ValueLayout.JAVA_LONG, 16, vector.address());
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            if (descriptors.length > 0) {
                MemorySegment control = arena.allocate(16 + 4L * descriptors.length + 8, 8);
                control.set(ValueLayout.JAVA_LONG, 0, 16 + 4L * descriptors.length);
                control.set(ValueLayout.JAVA_INT, 8, SocketOptions.SOL_SOCKET);
                control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
                MemorySegment.copy(descriptors, 0, control, ValueLayout.JAVA_INT, 16, descriptors.length);
                message.set(ValueLayout.JAVA_LONG, 32, control.address());
                message.set(ValueLayout.JAVA_LONG, 40, (16 + 4L * descriptors.length + 7) & ~7L);
            }
            return Syscall.call(Syscall.SENDMSG, socket, message.address(), 0);
        }
    }
}
