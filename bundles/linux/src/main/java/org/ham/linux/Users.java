package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The users that the machine knows, asked of the C library, so that directory services count. Thread-safe. */
final class Users {
    private static final long ENTRY_SIZE = 48;
    private static final long UID = 16;
    private static final long GID = 20;
    private static final long TEXT_SIZE = 65536;

    /**
     * A user. Immutable.
     *
     * @param uid the number
     * @param gid the number of the primary group
     */
    record User(long uid, long gid) {}

    private Users() {}

    /** A user by name or number. */
    static Optional<User> find(String nameOrNumber) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(ENTRY_SIZE, 8);
            MemorySegment text = arena.allocate(TEXT_SIZE, 8);
            MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
            int result = nameOrNumber.matches("[0-9]{1,9}")
                    ? Libc.passwdByUid(Integer.parseInt(nameOrNumber), entry, text, TEXT_SIZE, found)
                    : Libc.passwdByName(arena.allocateFrom(nameOrNumber), entry, text, TEXT_SIZE, found);
            if (result != 0 || found.get(ValueLayout.ADDRESS, 0).equals(MemorySegment.NULL)) {
                return Optional.empty();
            }
            return Optional.of(new User(
                    Integer.toUnsignedLong(entry.get(ValueLayout.JAVA_INT, UID)),
                    Integer.toUnsignedLong(entry.get(ValueLayout.JAVA_INT, GID))));
        }
    }

    /** The user this process acts as. */
    static long effective() {
        return Syscall.call(Syscall.GETEUID, 0);
    }
}
