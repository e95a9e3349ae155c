package org.ham.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * System calls by number. One method handle serves all of them, so that after the first call of any the others are
 * warm too. Pointers are passed as addresses: the caller keeps their arena open across the call. Thread-safe.
 */
@SuppressWarnings("restricted") // the one bundle that may call native code
final class Syscall {
    private static final boolean X86 = isX86();

    static final int READ = X86 ? 0 : 63;
    static final int WRITE = X86 ? 1 : 64;
    static final int CLOSE = X86 ? 3 : 57;
    static final int FSTAT = X86 ? 5 : 80;
    static final int IOCTL = X86 ? 16 : 29;
    static final int CONNECT = X86 ? 42 : 203;
    static final int SENDTO = X86 ? 44 : 206;
    static final int RECVFROM = X86 ? 45 : 207;
    static final int SOCKET = X86 ? 41 : 198;
    static final int SOCKETPAIR = X86 ? 53 : 199;
    static final int SENDMSG = X86 ? 46 : 211;
    static final int RECVMSG = X86 ? 47 : 212;
    static final int SHUTDOWN = X86 ? 48 : 210;
    static final int BIND = X86 ? 49 : 200;
    static final int LISTEN = X86 ? 50 : 201;
    static final int GETSOCKNAME = X86 ? 51 : 204;
    static final int SETSOCKOPT = X86 ? 54 : 208;
    static final int GETSOCKOPT = X86 ? 55 : 209;
    static final int KILL = X86 ? 62 : 129;
    static final int FCNTL = X86 ? 72 : 25;
    static final int FCHOWN = X86 ? 93 : 55;
    static final int FSTATFS = X86 ? 138 : 44;
    static final int GETEUID = X86 ? 107 : 175;
    static final int MOUNT = X86 ? 165 : 40;
    static final int UMOUNT2 = X86 ? 166 : 39;
    static final int GETPRIORITY = X86 ? 140 : 141;
    static final int SETPRIORITY = X86 ? 141 : 140;
    static final int SCHED_SETSCHEDULER = X86 ? 144 : 119;
    static final int SCHED_GETSCHEDULER = X86 ? 145 : 120;
    static final int EPOLL_CTL = X86 ? 233 : 21;
    static final int WAITID = X86 ? 247 : 95;
    static final int INOTIFY_ADD_WATCH = X86 ? 254 : 27;
    static final int OPENAT = X86 ? 257 : 56;
    static final int PPOLL = X86 ? 271 : 73;
    static final int EPOLL_PWAIT = X86 ? 281 : 22;
    static final int ACCEPT4 = X86 ? 288 : 242;
    static final int EVENTFD2 = X86 ? 290 : 19;
    static final int EPOLL_CREATE1 = X86 ? 291 : 20;
    static final int INOTIFY_INIT1 = X86 ? 294 : 26;
    static final int PRLIMIT64 = X86 ? 302 : 261;
    static final int GETTID = X86 ? 186 : 178;
    static final int FUTEX = X86 ? 202 : 98;
    static final int SET_ROBUST_LIST = X86 ? 273 : 99;
    static final int GET_ROBUST_LIST = X86 ? 274 : 100;
    static final int PROCESS_VM_READV = X86 ? 310 : 270;
    static final int PROCESS_VM_WRITEV = X86 ? 311 : 271;
    static final int PIDFD_SEND_SIGNAL = 424;
    static final int PIDFD_OPEN = 434;
    static final int EPOLL_PWAIT2 = 441;

    /** {@code AT_FDCWD}: paths are relative to the working directory. */
    static final int AT_FDCWD = -100;

    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;

    /** {@code struct epoll_event} is packed on x86_64 only. */
    static final int EPOLL_EVENT_SIZE = X86 ? 12 : 16;

    static final int EPOLL_EVENT_DATA = X86 ? 4 : 8;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a thread's calls leave their error number: allocating it for each call would cost more than the call. */
    private static final ThreadLocal<MemorySegment> STATES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));

    private Syscall() {}

    /** Calls the kernel; the result, or the error number below zero. */
    static long call(int number, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATES.get();
        try {
            long result = (long) CALL.invokeExact(state, (long) number, a, b, c, d, e, f);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable impossible) {
            throw Libc.rethrow(impossible);
        }
    }

    static long call(int number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }

    static long call(int number, long a, long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    static long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    static long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    /** Closes a descriptor; what the kernel says to it does not matter, it is gone. */
    static void close(int fd) {
        call(CLOSE, fd);
    }

    private static boolean isX86() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> true;
            case "aarch64" -> false;
            default ->
                throw new LinuxException(
                        "HAM runs on x86_64 and aarch64, not on " + System.getProperty("os.arch"), Errno.ENOSYS);
        };
    }
}
