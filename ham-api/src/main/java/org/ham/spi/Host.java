package org.ham.spi;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ham.api.ExitReason;
import org.ham.api.ProcessId;
import org.ham.api.StartSpec;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The machine as the core sees it: its processes, its clock, and a place to wait. Thread-safe but for {@link #await},
 * which is the core loop's alone.
 */
@ProviderType
public interface Host {
    /** As the value of a variable: the pid that the started process itself has, in digits. */
    String ITS_PID = "\0pid";

    /**
     * Checks that a start could work: the program exists and may be executed, directory, user and limits are known.
     *
     * @throws org.ham.api.HamException {@code NOT_FOUND}, {@code DENIED} or {@code INVALID}, naming the field
     */
    void check(StartSpec spec);

    /**
     * Starts a process in a session of its own. It holds no descriptor whose other end is the HAM.
     *
     * @param name names the default output file
     * @param spec what to start
     * @param environment variables added last, such as {@code HAM_INVOCATION_ID}; a value may be {@link #ITS_PID}
     * @throws org.ham.api.HamException when it cannot be started; nothing runs then
     */
    ProcessId start(String name, StartSpec spec, Map<String, String> environment);

    /** The process that runs under a pid now; throws {@code NOT_FOUND} when there is none. */
    ProcessId identify(long pid);

    /** The living process that was started with this {@code HAM_INVOCATION_ID}, not one of its children. */
    Optional<ProcessId> find(String invocation);

    /**
     * The same of those that were started for an entity. After lines of the journal were lost an id may come a second time, for
     * another entity than the first.
     */
    default Optional<ProcessId> findStart(String entity, String invocation) {
        return find(invocation);
    }

    /** The living process that a HAM of this run-dir started for an entity, whichever start it was, not one of its children. */
    Optional<ProcessId> find(String entity, String runDir);

    /** Whether exactly this process lives; a zombie does not. */
    boolean isAlive(ProcessId process);

    /**
     * Tells once when a process is dead, also when it is already. Watching a process twice replaces the listener.
     *
     * @param listener called on the thread that is in {@link #await}
     */
    void watch(ProcessId process, Consumer<ExitReason> listener);

    /** Stops watching and lets go of the process. */
    void unwatch(ProcessId process);

    /** Sends a signal to exactly this process; throws {@code NOT_FOUND} when it is dead. */
    void signal(ProcessId process, int signal);

    /** Waits until something watched happens, {@link #wake} is called, or the time is over; runs the listeners. */
    void await(long nanos);

    /** Ends the current or the next {@link #await}. */
    void wake();

    /** {@code CLOCK_MONOTONIC}, in nanoseconds. */
    long monotonic();

    /** The wall clock, to print. */
    Instant now();
}
