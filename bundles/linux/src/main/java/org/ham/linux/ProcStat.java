package org.ham.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says. Immutable.
 *
 * @param state {@code R}, {@code S}, {@code Z}, …
 * @param parent the parent's pid
 * @param group the process group
 * @param session the session
 * @param flags the kernel's flags of the process
 * @param threads how many threads it has
 * @param startTime clock ticks since boot
 * @param startCode where its program's code begins: 0 while an {@code execve} is still laying out its arguments and
 *     environment, 1 when this process may not know
 * @param exitStatus the wait status once it is dead; 0 also when this process may not know
 */
record ProcStat(
        char state,
        long parent,
        long group,
        long session,
        long flags,
        int threads,
        long startTime,
        long startCode,
        int exitStatus) {
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int FLAGS = 6;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;
    private static final int START_CODE = 23;
    private static final int EXIT_STATUS = 49;

    private static final long EXITING = 0x4;
    private static final long KERNEL_THREAD = 0x20_0000;

    /** Reads it; empty when there is no such process any more. */
    static Optional<ProcStat> of(long pid) {
        return ProcFs.read("/proc/" + pid + "/stat", 4096).flatMap(ProcStat::parse);
    }

    /** The program's name is in parentheses and may hold parentheses and blanks itself: the last one ends it. */
    static Optional<ProcStat> parse(byte[] line) {
        String text = new String(line, ISO_8859_1);
        int name = text.lastIndexOf(')');
        if (name < 0 || name + 2 >= text.length()) {
            return Optional.empty();
        }
        String[] fields = text.substring(name + 2).strip().split(" ", -1);
        if (fields.length <= START_TIME) {
            return Optional.empty();
        }
        return Optional.of(new ProcStat(
                fields[STATE].charAt(0),
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[FLAGS]),
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[START_TIME]),
                fields.length > START_CODE ? Long.parseUnsignedLong(fields[START_CODE]) : 1,
                fields.length > EXIT_STATUS ? Integer.parseInt(fields[EXIT_STATUS]) : 0));
    }

    /** Whether it is dead and not reaped yet. */
    boolean isZombie() {
        return state == 'Z' || state == 'X';
    }

    /** Whether its program is laid out in memory, arguments and environment included, as far as this process may know. */
    boolean isLaidOut() {
        return startCode != 0;
    }

    /** Whether it runs a program, as kernel threads and the dying do not. */
    boolean isProgram() {
        return !isZombie() && (flags & (EXITING | KERNEL_THREAD)) == 0;
    }
}
