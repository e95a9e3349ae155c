package org.ham.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Resource limits by the names of {@code prlimit(1)}. Thread-safe. */
final class Limits {
    /** In the kernel's order: the index is the number. */
    private static final List<String> NAMES = List.of(
            "cpu",
            "fsize",
            "data",
            "stack",
            "core",
            "rss",
            "nproc",
            "nofile",
            "memlock",
            "as",
            "locks",
            "sigpending",
            "msgqueue",
            "nice",
            "rtprio",
            "rttime");

    private Limits() {}

    /** Refuses unknown names, and values that only root could set. */
    static void check(Map<String, Long> limits) {
        new TreeMap<>(limits).forEach(Limits::check);
    }

    /** The options for {@code prlimit(1)}. */
    static List<String> options(Map<String, Long> limits) {
        List<String> options = new ArrayList<>();
        new TreeMap<>(limits).forEach((name, value) -> {
            String text = value < 0 ? "unlimited" : value.toString();
            options.add("--" + name + "=" + text + ":" + text);
        });
        return options;
    }

    private static void check(String name, long value) {
        int number = NAMES.indexOf(name);
        if (number < 0) {
            throw new LinuxException(
                    "limits: there is no limit '" + name + "'; known are " + String.join(", ", NAMES), Errno.EINVAL);
        }
        if (value < -1) {
            throw new LinuxException(
                    "limits: " + name + " is " + value + "; give a number from 0, or -1 for unlimited", Errno.EINVAL);
        }
        if (name.equals("nofile")) {
            checkFiles(value);
        }
        long hard = hard(number);
        if (Users.effective() != 0 && Long.compareUnsigned(value, hard) > 0) {
            throw new LinuxException(
                    "limits: " + name + " " + (value < 0 ? "unlimited" : value) + " is above the hard limit "
                            + Long.toUnsignedString(hard) + " of this process, which only root may raise",
                    Errno.EPERM);
        }
    }

    /** The kernel has a highest value of its own here, for root as well. */
    private static void checkFiles(long value) {
        long most = ProcFs.read("/proc/sys/fs/nr_open", 32)
                .map(text -> Long.parseLong(new String(text, US_ASCII).strip()))
                .orElse(Long.MAX_VALUE);
        if (value < 0 && most < Long.MAX_VALUE || value > most) {
            throw new LinuxException(
                    "limits: nofile " + (value < 0 ? "unlimited" : value) + " is above " + most
                            + ", the most this kernel allows (/proc/sys/fs/nr_open)",
                    Errno.EINVAL);
        }
    }

    /** The hard limit; unlimited is the largest unsigned number, as -1 is. */
    private static long hard(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(16, 8);
            return Syscall.call(Syscall.PRLIMIT64, 0, number, 0, both.address()) == 0
                    ? both.get(ValueLayout.JAVA_LONG, 8)
                    : -1;
        }
    }
}
