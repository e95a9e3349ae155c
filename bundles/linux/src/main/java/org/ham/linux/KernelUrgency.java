package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Precedence by nice values, which Linux keeps for each thread; a thread that is no ordinary one any more is let be. Thread-safe. */
final class KernelUrgency implements Urgency {
    private static final int OF_A_THREAD = 0;
    private static final int THIS_THREAD = 0;
    private static final int HIGHEST = -20;

    private static final int ORDINARY = 0;

    /** {@code getpriority} tells 20 less the nice value, so that it is never below 0. */
    private static final int USUAL = 20;

    /** {@code SCHED_OTHER | SCHED_RESET_ON_FORK}. */
    private static final int ORDINARY_NOT_PASSED_ON = 0x4000_0000;

    @Override
    public boolean raiseThisThread() {
        // A virtual thread would raise whichever thread of the kernel carries it at this moment.
        if (Thread.currentThread().isVirtual()
                || Syscall.call(Syscall.SCHED_GETSCHEDULER, THIS_THREAD) != ORDINARY
                || Syscall.call(Syscall.GETPRIORITY, OF_A_THREAD, THIS_THREAD) != USUAL) {
            return false;
        }
        // In this order: at no moment is there something to be passed on.
        return keepsToItself() && Syscall.call(Syscall.SETPRIORITY, OF_A_THREAD, THIS_THREAD, HIGHEST) == 0;
    }

    private static boolean keepsToItself() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocate(ValueLayout.JAVA_INT);
            return Syscall.call(Syscall.SCHED_SETSCHEDULER, THIS_THREAD, ORDINARY_NOT_PASSED_ON, priority.address())
                    == 0;
        }
    }
}
