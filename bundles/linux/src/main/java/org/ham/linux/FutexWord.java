package org.ham.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A word that the kernel knows: who holds it, and whether its last holder died. Shared with other processes, so that none of
 * the calls may be of the private kind. Thread-safe.
 */
final class FutexWord {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int OWNER_DIED = 0x4000_0000;

    /** Set from the beginning, so that the kernel wakes whoever waits without being asked to. */
    private static final int WAITERS = 0x8000_0000;

    /** What is left of a value is who holds it. */
    private static final int HOLDER = 0x3fff_ffff;

    private final MemorySegment word;

    FutexWord(SharedPage page, long offset) {
        word = page.memory().asSlice(offset, Long.BYTES);
        if (offset % Long.BYTES != 0) {
            throw new IllegalArgumentException("offset " + offset + " is no multiple of " + Long.BYTES);
        }
    }

    long address() {
        return word.address();
    }

    /** Whether a value says that the holder died. */
    static boolean isOrphaned(int value) {
        return (value & OWNER_DIED) != 0;
    }

    int get() {
        return (int) INT.getAcquire(word, 0L);
    }

    /** Makes a thread its holder, whoever was. */
    void take(int thread) {
        INT.setRelease(word, 0L, thread | WAITERS);
        wakeAll();
    }

    /** Makes a thread its holder if it holds a certain value; false when it does not any more. */
    boolean takeFrom(int expected, int thread) {
        boolean taken = INT.compareAndSet(word, 0L, expected, thread | WAITERS);
        if (taken) {
            wakeAll();
        }
        return taken;
    }

    /** Puts a process's mark in the place of a certain value; false when it is not there any more. */
    boolean markFrom(int expected, int process) {
        return INT.compareAndSet(word, 0L, expected, process);
    }

    /** Leaves it to nobody if it has a process's mark. */
    void unmark(int process) {
        INT.compareAndSet(word, 0L, process, 0);
    }

    /** The thread or process that a value names, 0 for nobody. */
    static int holder(int value) {
        return value & HOLDER;
    }

    /** Leaves it to a process's mark, or with 0 to nobody, unless somebody else has taken it. */
    void letGo(int thread, int mark) {
        INT.compareAndSet(word, 0L, thread | WAITERS, mark);
        wakeAll();
    }

    /** Waits until it is something else, or somebody calls {@link #wakeAll}; may return for no reason. */
    void awaitChange(int from) {
        Syscall.call(Syscall.FUTEX, address(), WAIT, from, 0);
    }

    /** The kernel itself wakes one only. */
    void wakeAll() {
        Syscall.call(Syscall.FUTEX, address(), WAKE, Integer.MAX_VALUE);
    }
}
