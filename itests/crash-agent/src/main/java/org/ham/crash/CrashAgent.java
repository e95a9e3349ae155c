package org.ham.crash;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What the JVM starts before the program, given as {@code -javaagent:JAR=PAGE}. */
public final class CrashAgent {
    private static final String NODE = "org.ham.command.Node";
    private static final int SIGKILL = 9;

    private CrashAgent() {}

    /** Sets the probes, in a node; the {@code ham} command is left alone. */
    public static void premain(String page, Instrumentation instrumentation) throws IOException {
        if (!System.getProperty("sun.java.command", "").startsWith(NODE)) {
            return;
        }
        var shared = CrashPage.open(Path.of(page));
        var pid = ProcessHandle.current().pid();
        var guardian = System.getenv("HAM_GUARDIAN_OF") != null;
        var kill = kill();
        var probe = new Probe(shared, pid, shared.enter(pid), guardian, () -> end(kill, (int) pid));
        System.getProperties().put(Weaver.KEY, probe);
        instrumentation.addTransformer(new Weaver(PointTable.methods()));
    }

    @SuppressWarnings("restricted") // The kernel's own way: nothing of the JVM gets to run any more.
    private static MethodHandle kill() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static void end(MethodHandle kill, int pid) {
        try {
            var _ = (int) kill.invokeExact(pid, SIGKILL);
        } catch (Throwable e) {
            throw new AssertionError("a process that cannot end itself", e);
        }
    }
}
