package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code fusermount3}, which mounts for those who are not root and passes the descriptor on over a socket. That socket is also
 * how its end is noticed. Thread-safe.
 */
final class FuseHelper {
    private static final String PROGRAM = "fusermount3";
    private static final int THEIRS = 3;
    private static final int RECEIVE_TIMEOUT = 20;
    private static final long PATIENCE_SECONDS = 10;

    private final Processes processes;
    private final Peers peers;

    FuseHelper(Processes processes, Peers peers) {
        this.processes = processes;
        this.peers = peers;
    }

    /** Runs it to its end, or until it passed a descriptor on, which is then the caller's. */
    OptionalInt run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("_FUSE_COMMFD", Integer.toString(THEIRS));
        int[] pair = pair();
        try {
            Spawn spawn =
                    new Spawn(command, Optional.empty(), environment, Optional.empty(), Map.of(), Optional.empty());
            try {
                processes.spawn(spawn.withDescriptors(Map.of(THEIRS, pair[1])));
            } finally {
                // With the only other end in its hands its death is the end of the connection.
                Syscall.close(pair[1]);
            }
            return receive(pair[0]);
        } finally {
            Syscall.close(pair[0]);
        }
    }

    private OptionalInt receive(int fd) {
        Datagram message = new MessageBuffer(peers)
                .receive(fd)
                .orElseThrow(() -> new LinuxException(
                        PROGRAM + " did not answer within " + PATIENCE_SECONDS + " s", Errno.ETIMEDOUT));
        List<PassedDescriptor> passed = message.takeDescriptors();
        return passed.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(passed.getFirst().fd());
    }

    private static int[] pair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(8, 8);
            long result = Syscall.call(
                    Syscall.SOCKETPAIR,
                    NativeSockets.AF_UNIX,
                    NativeSockets.STREAM | Syscall.O_CLOEXEC,
                    0,
                    both.address());
            if (result < 0) {
                throw Errno.failure("cannot create a pair of sockets", result);
            }
            int own = both.get(ValueLayout.JAVA_INT, 0);
            MemorySegment patience = arena.allocate(16, 8);
            patience.set(ValueLayout.JAVA_LONG, 0, PATIENCE_SECONDS);
            Syscall.call(Syscall.SETSOCKOPT, own, SocketOptions.SOL_SOCKET, RECEIVE_TIMEOUT, patience.address(), 16, 0);
            return new int[] {own, both.get(ValueLayout.JAVA_INT, 4)};
        }
    }
}
