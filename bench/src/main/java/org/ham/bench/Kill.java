package org.ham.bench;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code kill(2)} and nothing around it: what comes before the signal would count as the supervisor's time. */
@SuppressWarnings("restricted")
final class Kill {
    private final MethodHandle kill = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    void all(long[] pids, int signal) {
        try {
            for (var pid : pids) {
                var _ = (int) kill.invokeExact((int) pid, signal);
            }
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
