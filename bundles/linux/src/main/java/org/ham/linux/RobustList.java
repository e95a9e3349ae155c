package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel does for a thread when it dies: it goes through the thread's list of words and marks those that are its
 * own. The C library has such a list for each thread, of locks that this virtual machine does not use; ours takes its place
 * for as long as a word is held. Confined to one thread.
 */
final class RobustList {
    /** {@code struct robust_list_head}: the first entry, where its word is from there, an entry that is being made. */
    private static final int HEAD_SIZE = 24;

    private static final int OFFSET = 8;

    /** Never freed: the kernel looks at it when the thread dies, at whatever moment that is. */
    private final MemorySegment list = Arena.global().allocate(HEAD_SIZE + 8, 8);

    private final long previousHead;

    private RobustList(long previousHead) {
        this.previousHead = previousHead;
    }

    /** Puts a list with one word in the place of this thread's own. */
    static RobustList with(FutexWord word) {
        RobustList created = new RobustList(current());
        long head = created.list.address();
        long entry = head + HEAD_SIZE;
        created.list.set(ValueLayout.JAVA_LONG, 0, entry);
        created.list.set(ValueLayout.JAVA_LONG, OFFSET, word.address() - entry);
        // The last entry leads back to the head.
        created.list.set(ValueLayout.JAVA_LONG, HEAD_SIZE, head);
        set(head);
        return created;
    }

    /** Puts the thread's own list back. */
    void remove() {
        set(previousHead);
    }

    private static void set(long head) {
        long result = Syscall.call(Syscall.SET_ROBUST_LIST, head, HEAD_SIZE);
        if (result < 0) {
            throw Errno.failure("the kernel keeps no list of what a thread holds", result);
        }
    }

    private static long current() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(16, 8);
            long result = Syscall.call(Syscall.GET_ROBUST_LIST, 0, both.address(), both.address() + 8);
            if (result < 0) {
                throw Errno.failure("the kernel keeps no list of what a thread holds", result);
            }
            return both.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
