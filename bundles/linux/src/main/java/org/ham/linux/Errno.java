package org.ham.linux;

import java.util.Map;

/** The error numbers this bundle meets, the same on x86_64 and aarch64. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EMFILE = 24;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int ENOBUFS = 105;
    static final int ETIMEDOUT = 110;
    static final int EOWNERDEAD = 130;

    private static final Map<Integer, String[]> TABLE = Map.ofEntries(
            entry(EPERM, "EPERM", "not permitted"),
            entry(ENOENT, "ENOENT", "no such file or directory"),
            entry(ESRCH, "ESRCH", "no such process"),
            entry(EINTR, "EINTR", "interrupted"),
            entry(EIO, "EIO", "input or output error"),
            entry(7, "E2BIG", "arguments and environment are too long"),
            entry(8, "ENOEXEC", "not an executable format; a script needs a first line like #!/bin/sh"),
            entry(EBADF, "EBADF", "closed"),
            entry(ECHILD, "ECHILD", "not a child"),
            entry(EAGAIN, "EAGAIN", "try again; a limit such as the number of processes is reached"),
            entry(12, "ENOMEM", "out of memory"),
            entry(EACCES, "EACCES", "permission denied"),
            entry(EFAULT, "EFAULT", "bad address"),
            entry(EBUSY, "EBUSY", "busy"),
            entry(EEXIST, "EEXIST", "exists already"),
            entry(18, "EXDEV", "another file system"),
            entry(ENODEV, "ENODEV", "no such device"),
            entry(ENOTDIR, "ENOTDIR", "not a directory"),
            entry(EISDIR, "EISDIR", "is a directory"),
            entry(EINVAL, "EINVAL", "invalid"),
            entry(23, "ENFILE", "too many open files on this machine"),
            entry(EMFILE, "EMFILE", "too many open files in this process; raise its nofile limit"),
            entry(25, "ENOTTY", "not supported for this descriptor"),
            entry(26, "ETXTBSY", "the program is being written"),
            entry(27, "EFBIG", "file too large"),
            entry(28, "ENOSPC", "no space left"),
            entry(30, "EROFS", "read-only file system"),
            entry(32, "EPIPE", "the other end is closed"),
            entry(34, "ERANGE", "out of range"),
            entry(ENAMETOOLONG, "ENAMETOOLONG", "name too long"),
            entry(ENOSYS, "ENOSYS", "the kernel does not have it"),
            entry(40, "ELOOP", "too many symbolic links"),
            entry(93, "EPROTONOSUPPORT", "the kernel does not have it, or not in this container"),
            entry(EOPNOTSUPP, "EOPNOTSUPP", "not supported"),
            entry(98, "EADDRINUSE", "address in use"),
            entry(103, "ECONNABORTED", "connection aborted"),
            entry(104, "ECONNRESET", "connection reset by the other end"),
            entry(ENOBUFS, "ENOBUFS", "no room in the buffer"),
            entry(107, "ENOTCONN", "not connected"),
            entry(ETIMEDOUT, "ETIMEDOUT", "timed out"),
            entry(111, "ECONNREFUSED", "nobody listens"),
            entry(EOWNERDEAD, "EOWNERDEAD", "the owner died"));

    private Errno() {}

    /** The name, such as {@code ENOENT}. */
    static String name(int errno) {
        String[] known = TABLE.get(errno);
        return known == null ? "errno " + errno : known[0];
    }

    /** What it means, followed by the name. */
    static String text(int errno) {
        String[] known = TABLE.get(errno);
        return known == null ? "errno " + errno : known[1] + " (" + known[0] + ")";
    }

    /** An exception that begins with what was tried. */
    static LinuxException failure(String what, long errno) {
        int number = (int) Math.abs(errno);
        return new LinuxException(what + ": " + text(number), number);
    }

    private static Map.Entry<Integer, String[]> entry(int errno, String name, String text) {
        return Map.entry(errno, new String[] {name, text});
    }
}
