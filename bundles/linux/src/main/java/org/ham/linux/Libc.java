package org.ham.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The functions of the C library that are more than a system call. All return 0 or an error number. Thread-safe. */
@SuppressWarnings("restricted") // the one bundle that may call native code
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LOOKUP = LINKER.defaultLookup();

    private static final MethodHandle SPAWN = bind("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT = bind("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle ACTIONS_DESTROY = bind("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle ADD_OPEN =
            bind("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ADD_DUP2 = bind("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ADD_CLOSE = bind("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
    private static final MethodHandle ADD_CHDIR = bind("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
    private static final @Nullable MethodHandle ADD_CLOSE_FROM =
            find("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
    private static final MethodHandle ATTR_INIT = bind("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle ATTR_FLAGS = bind("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final MethodHandle ATTR_DEFAULTS = bind("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
    private static final MethodHandle ATTR_MASK = bind("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    private static final MethodHandle FILL_SET = bind("sigfillset", ADDRESS);
    private static final MethodHandle EMPTY_SET = bind("sigemptyset", ADDRESS);
    private static final MethodHandle GETPWNAM = bind("getpwnam_r", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle GETPWUID = bind("getpwuid_r", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);

    /** May touch Java arrays and must not block: the shortest way there is. */
    private static final MethodHandle CLOCK_GETTIME = LINKER.downcallHandle(
            LOOKUP.findOrThrow("clock_gettime"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS),
            Linker.Option.critical(true));

    private Libc() {}

    static int spawn(
            MemorySegment pid,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        try {
            return (int) SPAWN.invokeExact(pid, path, actions, attributes, arguments, environment);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int actionsInit(MemorySegment actions) {
        return call(ACTIONS_INIT, actions);
    }

    static int actionsDestroy(MemorySegment actions) {
        return call(ACTIONS_DESTROY, actions);
    }

    static int addOpen(MemorySegment actions, int fd, MemorySegment path, int flags, int mode) {
        try {
            return (int) ADD_OPEN.invokeExact(actions, fd, path, flags, mode);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int addDup2(MemorySegment actions, int from, int to) {
        try {
            return (int) ADD_DUP2.invokeExact(actions, from, to);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int addClose(MemorySegment actions, int fd) {
        try {
            return (int) ADD_CLOSE.invokeExact(actions, fd);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int addChdir(MemorySegment actions, MemorySegment path) {
        try {
            return (int) ADD_CHDIR.invokeExact(actions, path);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    /** Whether {@link #addCloseFrom} exists: glibc 2.34 and later. */
    static boolean hasCloseFrom() {
        return ADD_CLOSE_FROM != null;
    }

    static int addCloseFrom(MemorySegment actions, int from) {
        MethodHandle handle = ADD_CLOSE_FROM;
        if (handle == null) {
            return Errno.ENOSYS;
        }
        try {
            return (int) handle.invokeExact(actions, from);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int attributesInit(MemorySegment attributes) {
        return call(ATTR_INIT, attributes);
    }

    static int attributesFlags(MemorySegment attributes, short flags) {
        try {
            return (int) ATTR_FLAGS.invokeExact(attributes, flags);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int attributesDefaults(MemorySegment attributes, MemorySegment set) {
        return call(ATTR_DEFAULTS, attributes, set);
    }

    static int attributesMask(MemorySegment attributes, MemorySegment set) {
        return call(ATTR_MASK, attributes, set);
    }

    static int fillSet(MemorySegment set) {
        return call(FILL_SET, set);
    }

    static int emptySet(MemorySegment set) {
        return call(EMPTY_SET, set);
    }

    static int passwdByName(
            MemorySegment name, MemorySegment passwd, MemorySegment buffer, long size, MemorySegment result) {
        try {
            return (int) GETPWNAM.invokeExact(name, passwd, buffer, size, result);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    static int passwdByUid(int uid, MemorySegment passwd, MemorySegment buffer, long size, MemorySegment result) {
        try {
            return (int) GETPWUID.invokeExact(uid, passwd, buffer, size, result);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    /** Reads a clock into seconds and nanoseconds. */
    static int clockGetTime(int clock, long[] secondsAndNanos) {
        try {
            return (int) CLOCK_GETTIME.invokeExact(clock, MemorySegment.ofArray(secondsAndNanos));
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    /** A downcall throws nothing of its own; what comes is an error of the VM. */
    static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(thrown);
    }

    private static int call(MethodHandle handle, MemorySegment a) {
        try {
            return (int) handle.invokeExact(a);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    private static int call(MethodHandle handle, MemorySegment a, MemorySegment b) {
        try {
            return (int) handle.invokeExact(a, b);
        } catch (Throwable impossible) {
            throw rethrow(impossible);
        }
    }

    private static MethodHandle bind(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LOOKUP.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static @Nullable MethodHandle find(String name, MemoryLayout... arguments) {
        return LOOKUP.find(name).isPresent() ? bind(name, arguments) : null;
    }
}
