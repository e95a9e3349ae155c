package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Memory for one {@code recvmsg} with everything that can come along. There is room for all descriptors that a message can
 * carry, whatever the limit: they come before the sender's pidfd, and a sender must not be able to push that one out.
 * Confined to one thread.
 */
final class MessageBuffer {
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int SCM_PIDFD = 4;

    /** {@code SCM_MAX_FD}. */
    private static final int MOST_SENT = 253;

    private static final int HEADER = 16;
    private static final int CONTROL_SIZE =
            HEADER * 3 + aligned(Peers.CREDENTIALS_SIZE) + aligned(4) + aligned(4 * MOST_SENT);

    /** {@code struct msghdr}. */
    private static final int MESSAGE_SIZE = 56;

    private static final int VECTOR = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    /** What the kernel itself attaches to a message whose sender it was not asked to note: no process, and nobody. */
    private static final MemorySegment NOBODY =
            MemorySegment.ofArray(new int[] {0, 65534, 65534}).asReadOnly();

    private final Peers peers;
    private final MemorySegment bytes;
    private final MemorySegment control;
    private final MemorySegment message;

    MessageBuffer(Peers peers) {
        this.peers = peers;
        Arena arena = Arena.ofAuto();
        bytes = arena.allocate(UnixDatagramSocket.MOST_BYTES, 8);
        control = arena.allocate(CONTROL_SIZE, 8);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
        vector.set(ValueLayout.JAVA_LONG, 8, bytes.byteSize());
        message = arena.allocate(MESSAGE_SIZE, 8);
        message.set(ValueLayout.JAVA_LONG, VECTOR, vector.address());
        message.set(ValueLayout.JAVA_LONG, VECTOR_COUNT, 1);
        message.set(ValueLayout.JAVA_LONG, CONTROL, control.address());
    }

    /** The next datagram; empty when none waits. */
    Optional<Datagram> receive(int fd) {
        long count;
        do {
            message.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH, CONTROL_SIZE);
            count = Syscall.call(Syscall.RECVMSG, fd, message.address(), MSG_CMSG_CLOEXEC);
        } while (count == -Errno.EINTR);
        if (count == -Errno.EAGAIN) {
            return Optional.empty();
        }
        if (count < 0) {
            throw Errno.failure("cannot receive", count);
        }
        return Optional.of(datagram(count));
    }

    private Datagram datagram(long count) {
        int flags = message.get(ValueLayout.JAVA_INT, FLAGS);
        Attached attached = attached();
        return new Datagram(
                bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE),
                (flags & MSG_TRUNC) != 0,
                peers.of(attached.credentials(), attached.pidfd()),
                attached.taken(),
                attached.tooMany() || (flags & MSG_CTRUNC) != 0);
    }

    /** What came along. */
    private record Attached(MemorySegment credentials, int pidfd, List<PassedDescriptor> taken, boolean tooMany) {}

    private Attached attached() {
        MemorySegment credentials = NOBODY;
        int pidfd = -1;
        List<PassedDescriptor> taken = new ArrayList<>();
        boolean tooMany = false;
        long end = message.get(ValueLayout.JAVA_LONG, CONTROL_LENGTH);
        long at = 0;
        while (at + HEADER <= end) {
            long length = control.get(ValueLayout.JAVA_LONG, at);
            MemorySegment data = control.asSlice(at + HEADER, length - HEADER);
            switch (control.get(ValueLayout.JAVA_INT, at + 12)) {
                case SCM_CREDENTIALS -> credentials = data;
                // An error number where the sender is gone already.
                case SCM_PIDFD -> pidfd = data.get(ValueLayout.JAVA_INT, 0);
                case SCM_RIGHTS -> tooMany = take(data, taken);
                default -> {}
            }
            at += HEADER + aligned(length - HEADER);
        }
        return new Attached(credentials, pidfd, taken, tooMany);
    }

    /** Takes in as many as the limit allows, closes the others, and tells whether there were any. */
    private static boolean take(MemorySegment numbers, List<PassedDescriptor> taken) {
        int count = (int) (numbers.byteSize() / 4);
        for (int i = 0; i < count; i++) {
            int fd = numbers.get(ValueLayout.JAVA_INT, 4L * i);
            if (i < UnixDatagramSocket.MOST_DESCRIPTORS) {
                taken.add(new OwnedDescriptor(new Descriptor(fd)));
            } else {
                Syscall.close(fd);
            }
        }
        return count > UnixDatagramSocket.MOST_DESCRIPTORS;
    }

    private static int aligned(long length) {
        return (int) ((length + 7) & ~7);
    }
}
