package org.ham.itests.client;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds processes as a debugger does: all threads of the one whose pid it reads, for so many milliseconds. It answers {@code held} with
 * the number of threads that it held.
 * A process of its own, since its parent would take what the kernel tells a tracer for an end.
 */
final class Tracer {
    private static final int ATTACH = 16;
    private static final int DETACH = 17;
    private static final long LOOK_NANOS = 1_000_000;

    @SuppressWarnings("restricted") // the JDK has no other way
    private static final MethodHandle PTRACE = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("ptrace"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private Tracer() {}

    /** Reads {@code PID MILLISECONDS}, line by line, until there is none or it is {@code end}. */
    static void run() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Program.say("ready", ProcessHandle.current().pid());
        for (var line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            var words = line.split(" ");
            Program.say("held", hold(words[0], Long.parseLong(words[1])));
        }
    }

    private static int hold(String pid, long millis) throws IOException {
        var threads = new ArrayList<Path>();
        try (var tasks = Files.newDirectoryStream(Path.of("/proc", pid, "task"))) {
            for (var task : tasks) {
                if (ptrace(ATTACH, task) == 0) {
                    threads.add(task);
                }
            }
        }
        for (var thread : threads) {
            awaitStopped(thread);
        }
        LockSupport.parkNanos(millis * 1_000_000);
        for (var thread : threads) {
            ptrace(DETACH, thread);
        }
        return threads.size();
    }

    private static void awaitStopped(Path thread) throws IOException {
        for (var i = 0; i < 5_000 && Files.exists(thread); i++) {
            var stat = Files.readString(thread.resolve("stat"));
            if (stat.startsWith("t", stat.lastIndexOf(')') + 2)) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long ptrace(int request, Path thread) {
        try {
            return (long) PTRACE.invokeExact(
                    request, Integer.parseInt(thread.getFileName().toString()), 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
